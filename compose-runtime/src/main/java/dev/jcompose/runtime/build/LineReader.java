package dev.jcompose.runtime.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a Dockerfile into logical lines: directives, comments, continuations and here-documents. */
final class LineReader {
    private static final Pattern DIRECTIVE = Pattern.compile("#\\s*([A-Za-z][A-Za-z0-9]*)\\s*=\\s*(.+?)\\s*");
    private static final Pattern HEREDOC =
            Pattern.compile("(?<=\\s)\\d*<<(-?)(['\"]?)([a-zA-Z_][a-zA-Z0-9_.]*)\\2(?=\\s|$)");
    private static final Pattern TAKES_HEREDOC = Pattern.compile("(?is)\\s*(ONBUILD\\s+)?(RUN|COPY|ADD)\\s.*");

    private final String file;
    private final List<String> lines;
    private char escape = '\\';
    private int next;

    LineReader(String text, String file) {
        this.file = file;
        this.lines = text.startsWith("\ufeff")
                ? text.substring(1).lines().toList()
                : text.lines().toList();
    }

    char escape() {
        return escape;
    }

    List<LogicalLine> read() {
        readDirectives();
        var result = new ArrayList<LogicalLine>();
        while (next < lines.size()) {
            var line = lines.get(next);
            if (line.isBlank() || isComment(line)) {
                next++;
            } else {
                result.add(readLine());
            }
        }
        return result;
    }

    /** Only comments at the very top can be directives. */
    private void readDirectives() {
        while (next < lines.size()) {
            var matcher = DIRECTIVE.matcher(lines.get(next).strip());
            if (!matcher.matches()) {
                return;
            }
            next++;
            if (matcher.group(1).toLowerCase(Locale.ROOT).equals("escape")) {
                setEscape(matcher.group(2));
            }
        }
    }

    private void setEscape(String value) {
        if (!value.equals("\\") && !value.equals("`")) {
            throw new BuildException(new Place(file, next), "escape must be \\ or `, not \"" + value + "\"");
        }
        escape = value.charAt(0);
    }

    private static boolean isComment(String line) {
        return line.stripLeading().startsWith("#");
    }

    private LogicalLine readLine() {
        var place = new Place(file, next + 1);
        var text = new StringBuilder();
        boolean more = true;
        while (more && next < lines.size()) {
            var line = lines.get(next++);
            if (!text.isEmpty() && (line.isBlank() || isComment(line))) {
                continue;
            }
            more = isContinued(line);
            var part = more ? line.substring(0, line.stripTrailing().length() - 1) : line;
            text.append(text.isEmpty() ? part.stripLeading() : part);
        }
        var joined = text.toString().strip();
        return new LogicalLine(place, joined, readHeredocs(place, joined));
    }

    private boolean isContinued(String line) {
        var end = line.stripTrailing();
        int last = end.length() - 1;
        return last >= 0 && end.charAt(last) == escape && (last == 0 || end.charAt(last - 1) != escape);
    }

    private List<Heredoc> readHeredocs(Place place, String text) {
        var result = new ArrayList<Heredoc>();
        if (TAKES_HEREDOC.matcher(text).matches()) {
            var matcher = HEREDOC.matcher(text);
            while (matcher.find()) {
                result.add(readHeredoc(place, matcher));
            }
        }
        return result;
    }

    private Heredoc readHeredoc(Place place, Matcher start) {
        boolean stripTabs = !start.group(1).isEmpty();
        var name = start.group(3);
        var text = new StringBuilder();
        while (next < lines.size()) {
            var line = lines.get(next++);
            var content = stripTabs ? line.replaceFirst("^\t+", "") : line;
            if (content.equals(name)) {
                return new Heredoc(name, text.toString(), start.group(2).isEmpty());
            }
            text.append(content).append('\n');
        }
        throw new BuildException(place, "here-document \"" + name + "\" has no end: a line with only " + name);
    }

    /** Whether a word of an instruction starts a here-document. */
    static boolean isHeredoc(String word) {
        return HEREDOC.matcher(" " + word).find();
    }
}
