package dev.jcompose.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Rows under a header, in columns as wide as their widest cell: the look of Docker's tables. */
public final class Table {
    private static final int MINIMUM = 10;
    private static final int GAP = 3;

    private static final int NARROW_MINIMUM = 4;
    private static final int NARROW_GAP = 2;

    private final int minimum;
    private final int gap;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... header) {
        this(MINIMUM, GAP, header);
    }

    private Table(int minimum, int gap, String... header) {
        this.minimum = minimum;
        this.gap = gap;
        rows.add(List.of(header));
    }

    /** One with less room between its columns. */
    public static Table narrow(String... header) {
        return new Table(NARROW_MINIMUM, NARROW_GAP, header);
    }

    public void add(String... cells) {
        rows.add(List.of(cells));
    }

    /** The text, each line with its end. */
    public String text() {
        int[] widths = new int[rows.getFirst().size()];
        for (var row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], Math.max(minimum, length(row.get(column)) + gap));
            }
        }
        var text = new StringBuilder();
        rows.forEach(row -> append(text, row, widths));
        return text.toString();
    }

    private static void append(StringBuilder text, List<String> row, int[] widths) {
        for (int column = 0; column < widths.length - 1; column++) {
            var cell = row.get(column);
            text.append(cell).append(" ".repeat(widths[column] - length(cell)));
        }
        text.append(row.getLast()).append('\n');
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
