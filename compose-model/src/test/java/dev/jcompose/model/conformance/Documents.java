package dev.jcompose.model.conformance;

import dev.jcompose.model.problem.Problems;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import dev.jcompose.model.yaml.YamlReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** JSON and YAML as plain values, with what is only presentation left out. */
final class Documents {
    private Documents() {}

    /** Every JSON document is a YAML document. */
    static Object read(String text) {
        var documents = new YamlReader(new Problems()).read("document", text);
        return documents.isEmpty() ? "" : plain(documents.getFirst());
    }

    static Object plain(YamlNode node) {
        return switch (node) {
            case Scalar scalar ->
                switch (scalar.kind()) {
                    case TEXT -> scalar.text();
                    case WHOLE, DECIMAL -> number(scalar.text());
                    case FLAG -> scalar.text().equals("true");
                    case NULL -> "<null>";
                };
            case Sequence sequence ->
                sequence.items().stream().map(Documents::plain).toList();
            case Mapping mapping -> {
                var values = new LinkedHashMap<String, Object>();
                mapping.entries().forEach((key, entry) -> values.put(key, plain(entry.value())));
                yield values;
            }
        };
    }

    private static Object number(String text) {
        return text.endsWith("Inf") || text.equals("NaN")
                ? text
                : "#" + new BigDecimal(text).stripTrailingZeros().toPlainString();
    }

    /** The differences between loader versions that mean nothing. */
    static Object tidy(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Documents::tidy).toList();
        }
        return value instanceof Map<?, ?> map ? tidyMap(map) : value;
    }

    private static Object tidyMap(Map<?, ?> map) {
        var tidied = new TreeMap<String, Object>();
        map.forEach((key, original) -> {
            var value = tidy(original);
            if (key.equals("bind") && value instanceof Map<?, ?> bind) {
                var rest = new TreeMap<String, Object>();
                bind.forEach((name, one) -> {
                    if (!(name.equals("create_host_path") && one.equals(true))) {
                        rest.put((String) name, one);
                    }
                });
                value = rest;
            }
            boolean empty = value instanceof Map<?, ?> one && one.isEmpty();
            boolean nothing = value.equals("<null>");
            boolean dropped = (empty && (key.equals("bind") || key.equals("ipam")))
                    || (nothing && (key.equals("command") || key.equals("entrypoint")));
            if (!dropped) {
                tidied.put((String) key, value);
            }
        });
        return tidied;
    }

    /** Where two values differ first, for the report. */
    static String difference(Object got, Object want, String path) {
        if (got instanceof Map<?, ?> a && want instanceof Map<?, ?> b) {
            var keys = new ArrayList<Object>(a.keySet());
            b.keySet().stream().filter(key -> !a.containsKey(key)).forEach(keys::add);
            for (var key : keys) {
                if (!a.containsKey(key) || !b.containsKey(key)) {
                    return path + "/" + key
                            + (a.containsKey(key) ? " is extra: " + a.get(key) : " is missing: " + b.get(key));
                }
                if (!java.util.Objects.equals(a.get(key), b.get(key))) {
                    return difference(got(a, key), got(b, key), path + "/" + key);
                }
            }
            return "";
        }
        if (got instanceof List<?> a && want instanceof List<?> b && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                if (!a.get(i).equals(b.get(i))) {
                    return difference(a.get(i), b.get(i), path + "/" + i);
                }
            }
        }
        return got.equals(want) ? "" : path + ": got " + got + " want " + want;
    }

    private static Object got(Map<?, ?> map, Object key) {
        var value = map.get(key);
        return value == null ? "<absent>" : value;
    }

    /** The value at a JSON pointer; {@code <null>} when there is none. */
    static Object pick(Object document, String pointer) {
        Object at = document;
        for (var part : pointer.substring(1).split("/", -1)) {
            var key = part.replace("~1", "/").replace("~0", "~");
            if (at instanceof Map<?, ?> map && map.containsKey(key)) {
                at = got(map, key);
            } else if (at instanceof List<?> list
                    && key.chars().allMatch(Character::isDigit)
                    && Integer.parseInt(key) < list.size()) {
                at = list.get(Integer.parseInt(key));
            } else {
                return "<null>";
            }
        }
        return at;
    }
}
