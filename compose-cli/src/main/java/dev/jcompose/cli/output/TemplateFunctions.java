package dev.jcompose.cli.output;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The functions of templates, and how values of templates are told as text. */
final class TemplateFunctions {
    private static final Set<String> NAMES = Set.of(
            "json",
            "upper",
            "lower",
            "title",
            "join",
            "split",
            "len",
            "index",
            "truncate",
            "pad",
            "print",
            "println",
            "eq",
            "ne",
            "and",
            "or",
            "not");

    private TemplateFunctions() {}

    static boolean isName(String word) {
        return NAMES.contains(word);
    }

    static String names() {
        return String.join(", ", new TreeSet<>(NAMES));
    }

    static Object call(String name, List<Object> arguments) {
        if (arguments.size() < wanted(name)) {
            throw GoTemplate.refused("function \"" + name + "\" wants " + wanted(name) + " arguments");
        }
        var first = arguments.getFirst();
        return switch (name) {
            case "json" -> Json.of(first);
            case "upper" -> text(first).toUpperCase(Locale.ROOT);
            case "lower" -> text(first).toLowerCase(Locale.ROOT);
            case "title" -> title(text(first));
            case "join" -> list(first).stream().map(TemplateFunctions::text).collect(joining(text(arguments.get(1))));
            case "split" -> Arrays.asList((Object[]) text(first).split(Pattern.quote(text(arguments.get(1))), -1));
            case "len" -> length(first);
            case "index" -> element(first, arguments.get(1));
            case "truncate" -> truncated(text(first), number(arguments.get(1)));
            case "pad" -> " ".repeat(number(arguments.get(1))) + text(first) + " ".repeat(number(arguments.get(2)));
            case "print" -> arguments.stream().map(TemplateFunctions::text).collect(joining(" "));
            case "println" -> arguments.stream().map(TemplateFunctions::text).collect(joining(" ")) + "\n";
            case "eq" -> arguments.stream().skip(1).anyMatch(first::equals);
            case "ne" -> !first.equals(arguments.get(1));
            case "and" ->
                arguments.stream().filter(value -> !isTrue(value)).findFirst().orElse(arguments.getLast());
            case "or" ->
                arguments.stream().filter(TemplateFunctions::isTrue).findFirst().orElse(arguments.getLast());
            default -> !isTrue(first);
        };
    }

    private static int wanted(String name) {
        return switch (name) {
            case "join", "split", "index", "truncate", "eq", "ne" -> 2;
            case "pad" -> 3;
            default -> 1;
        };
    }

    /** Go's text of a value; lists and maps as it prints them. */
    static String text(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(TemplateFunctions::text).collect(joining(" ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + ":" + text(entry.getValue()))
                    .collect(joining(" ", "map[", "]"));
        }
        return value.toString();
    }

    static boolean isTrue(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof Number number) {
            return number.longValue() != 0;
        }
        return length(value) > 0;
    }

    private static String title(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String truncated(String text, int length) {
        return text.length() > length ? text.substring(0, length) : text;
    }

    private static long length(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        return value instanceof List<?> list ? list.size() : text(value).length();
    }

    private static List<?> list(Object value) {
        return value instanceof List<?> list ? list : List.of(value);
    }

    private static Object element(Object value, Object key) {
        if (value instanceof Map<?, ?> map) {
            Object found = map.get(text(key));
            return found == null ? "" : found;
        }
        int at = number(key);
        if (at < 0 || at >= list(value).size()) {
            throw GoTemplate.refused(
                    "there is no element " + at + " in a list of " + list(value).size());
        }
        return list(value).get(at);
    }

    private static int number(Object value) {
        if (value instanceof Number number) {
            return number.intValue();
        }
        throw GoTemplate.refused("\"" + text(value) + "\" is not a number");
    }
}
