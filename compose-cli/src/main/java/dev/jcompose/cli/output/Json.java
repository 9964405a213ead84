package dev.jcompose.cli.output;

import static java.util.stream.Collectors.joining;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes JSON on one line. Made for a handful of flat records: a library would cost more start-up time than the rest. */
public final class Json {
    private Json() {}

    /** An object of one key. */
    public static String object(String key, Object value) {
        var map = new LinkedHashMap<String, Object>();
        map.put(key, value);
        return of(map);
    }

    /** Text of a string, number, boolean, list, or map with string keys. */
    public static String of(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> quote(String.valueOf(entry.getKey())) + ":" + of(entry.getValue()))
                    .collect(joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Json::of).collect(joining(",", "[", "]"));
        }
        return value instanceof Number || value instanceof Boolean ? value.toString() : quote(value.toString());
    }

    private static String quote(String text) {
        var quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            append(quoted, text.charAt(i));
        }
        return quoted.append('"').toString();
    }

    private static void append(StringBuilder quoted, char letter) {
        switch (letter) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case '\n' -> quoted.append("\\n");
            case '\r' -> quoted.append("\\r");
            case '\t' -> quoted.append("\\t");
            default -> {
                if (letter < ' ') {
                    quoted.append("\\u%04x".formatted((int) letter));
                } else {
                    quoted.append(letter);
                }
            }
        }
    }
}
