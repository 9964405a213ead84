package dev.jcompose.model.problem;

import java.util.HashMap;
import java.util.Map;

/** The texts problems may point into, to show the line and a caret under the place. */
final class Snippets {
    private static final int WIDEST = 120;

    private final Map<String, String> texts = new HashMap<>();

    void add(String file, String text) {
        texts.put(file, text);
    }

    /** The problem with the line it is in; only the problem when the file or the place is not known. */
    String of(Problem problem) {
        var text = texts.get(problem.at().file());
        var line = text == null ? "" : line(text, problem.at().line());
        int column = problem.at().column() - 1;
        if (line.isBlank() || column < 0 || column >= line.length() || column >= WIDEST) {
            return problem.toString();
        }
        var shown = line.length() > WIDEST ? line.substring(0, WIDEST) + "..." : line;
        return problem + "\n    " + shown.replace('\t', ' ') + "\n    " + " ".repeat(column) + "^";
    }

    private static String line(String text, int number) {
        int start = 0;
        for (int line = 1; line < number; line++) {
            start = text.indexOf('\n', start) + 1;
            if (start == 0) {
                return "";
            }
        }
        int end = text.indexOf('\n', start);
        return text.substring(start, end < 0 ? text.length() : end).stripTrailing();
    }
}
