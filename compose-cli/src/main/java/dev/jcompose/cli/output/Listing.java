package dev.jcompose.cli.output;

import static java.util.stream.Collectors.joining;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Rows in the form that {@code --format} asks for: {@code table}, {@code json}, a template, or {@code table} and a template. */
public final class Listing {
    private static final String TABLE = "table";

    private final List<Column> columns;
    private final boolean oneArray;

    /** A column of the table without a template. */
    public record Column(String header, String key) {}

    /** {@code oneArray}: JSON is one array, instead of one object a line. */
    public Listing(boolean oneArray, Column... columns) {
        this.oneArray = oneArray;
        this.columns = List.of(columns);
    }

    /** The text, with the end of its last line. */
    public String text(String format, List<Map<String, Object>> rows) {
        if (format.isEmpty() || format.equals(TABLE)) {
            return table(rows);
        }
        if (format.equals("json")) {
            return json(rows);
        }
        if (format.startsWith(TABLE + " ") || format.startsWith(TABLE + "\\t")) {
            return table(GoTemplate.parse(format.substring(TABLE.length()).strip()), rows);
        }
        var template = GoTemplate.parse(format);
        return rows.stream().map(row -> template.render(row) + "\n").collect(joining());
    }

    private String table(List<Map<String, Object>> rows) {
        var table = new Table(columns.stream().map(Column::header).toArray(String[]::new));
        for (var row : rows) {
            table.add(columns.stream()
                    .map(column -> TemplateFunctions.text(row.getOrDefault(column.key(), "")))
                    .toArray(String[]::new));
        }
        return table.text();
    }

    private String json(List<Map<String, Object>> rows) {
        return oneArray
                ? Json.of(rows) + "\n"
                : rows.stream().map(row -> Json.of(row) + "\n").collect(joining());
    }

    private String table(GoTemplate template, List<Map<String, Object>> rows) {
        var headers = new LinkedHashMap<String, Object>();
        var keys = new TreeSet<String>();
        rows.forEach(row -> keys.addAll(row.keySet()));
        keys.forEach(key -> headers.put(key, key.toUpperCase(Locale.ROOT)));
        columns.forEach(column -> headers.put(column.key(), column.header()));
        var table = new Table(template.render(headers).split("\t", -1));
        rows.forEach(row -> table.add(template.render(row).split("\t", -1)));
        return table.text();
    }
}
