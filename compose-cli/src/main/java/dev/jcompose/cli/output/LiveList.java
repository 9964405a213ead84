package dev.jcompose.cli.output;

import dev.jcompose.cli.output.Progress.State;
import java.util.ArrayList;
import java.util.List;

/** Draws the live list as text with control codes, and knows how to take back what it drew before. */
final class LiveList {
    private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static final String ERASE_TO_END = "\u001b[J";
    private static final long SPIN_NANOS = 100_000_000L;

    private final String title;
    private final boolean coloured;
    private List<Integer> drawnWidths = List.of();

    LiveList(String title, boolean coloured) {
        this.title = title;
        this.coloured = coloured;
    }

    /** What puts the cursor where the last drawing began, and wipes it: also when the terminal has become narrower since. */
    String erased(int columns) {
        int rows = drawnWidths.stream()
                .mapToInt(width -> Math.max(1, Math.ceilDiv(width, columns)))
                .sum();
        drawnWidths = List.of();
        return rows == 0 ? "" : "\u001b[" + rows + "A\r" + ERASE_TO_END;
    }

    /** All lines that fit in so many rows; finished ones give way first. */
    String drawn(List<LiveLine> lines, int rows, int columns, long now) {
        long finished = lines.stream().filter(LiveLine::isFinished).count();
        var header = "[+] %s %d/%d".formatted(title, finished, lines.size());
        var text = new StringBuilder();
        var widths = new ArrayList<Integer>();
        append(text, widths, cut(header, columns), State.DONE, false);
        int subjectWidth =
                lines.stream().mapToInt(line -> line.subject().length()).max().orElse(0);
        for (var line : fitting(lines, rows - 1)) {
            append(text, widths, cut(format(line, subjectWidth, now), columns), line.state(), true);
        }
        drawnWidths = List.copyOf(widths);
        return text.toString();
    }

    private void append(StringBuilder text, List<Integer> widths, String line, State state, boolean painted) {
        widths.add(line.codePointCount(0, line.length()));
        text.append(painted && coloured ? colour(state).paint(line) : line).append('\n');
    }

    private static Colour colour(State state) {
        return switch (state) {
            case WORKING -> Colour.CYAN;
            case DONE -> Colour.GREEN;
            case WARNING -> Colour.YELLOW;
            case FAILED -> Colour.RED;
        };
    }

    private static String format(LiveLine line, int subjectWidth, long now) {
        var detail = line.detail().isEmpty() ? "" : "  " + line.detail();
        return " %s %s  %-10s %6s%s"
                .formatted(
                        mark(line.state(), now),
                        line.subject()
                                + " ".repeat(subjectWidth - line.subject().length()),
                        line.text(),
                        line.elapsed(now),
                        detail);
    }

    private static String mark(State state, long now) {
        return switch (state) {
            case WORKING -> {
                int frame = Math.floorMod(now / SPIN_NANOS, SPINNER.length());
                yield SPINNER.substring(frame, frame + 1);
            }
            case DONE -> "✔";
            case WARNING -> "!";
            case FAILED -> "✘";
        };
    }

    private static List<LiveLine> fitting(List<LiveLine> lines, int rows) {
        if (lines.size() <= rows) {
            return lines;
        }
        var shown = new ArrayList<>(lines);
        for (var line : lines) {
            if (shown.size() > rows && line.isFinished()) {
                shown.remove(line);
            }
        }
        return shown.subList(0, Math.min(shown.size(), Math.max(0, rows)));
    }

    /** At most one column less than the terminal has, so that no line ever wraps. */
    private static String cut(String line, int columns) {
        int room = Math.max(1, columns - 1);
        if (line.codePointCount(0, line.length()) <= room) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, room - 1)) + "…";
    }
}
