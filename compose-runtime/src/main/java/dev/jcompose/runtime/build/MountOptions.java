package dev.jcompose.runtime.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** The {@code key=value,key,...} of a {@code --mount} flag. */
record MountOptions(Place place, Map<String, String> values) {
    static MountOptions parse(Place place, String text, Expansion expansion) {
        var values = new LinkedHashMap<String, String>();
        for (var field : fields(text)) {
            int equals = field.indexOf('=');
            var word = (equals < 0 ? field : field.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
            var key = RunMount.ALIASES.getOrDefault(word, word);
            values.put(key, equals < 0 ? "true" : expansion.word(field.substring(equals + 1)));
        }
        readwrite(values);
        return new MountOptions(place, values);
    }

    /** {@code readonly=false} is {@code readwrite}, and the other way round. */
    private static void readwrite(Map<String, String> values) {
        if ("false".equals(values.get("readonly"))) {
            values.remove("readonly");
            values.put("readwrite", "true");
        } else if ("false".equals(values.get("readwrite"))) {
            values.remove("readwrite");
        }
    }

    /** Commas separate, but not within quotes. */
    private static List<String> fields(String text) {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }

    void allow(Set<String> known, String type) {
        for (var key : values.keySet()) {
            boolean harmless = key.equals(type.equals("bind") ? "readonly" : "readwrite")
                    && Set.of("bind", "cache").contains(type);
            if (!known.contains(key) && !key.equals("type") && !harmless) {
                throw new BuildException(
                        place,
                        "--mount=type=" + type + " has no option " + key + " (known: "
                                + String.join(", ", known.stream().sorted().toList()) + ")");
            }
        }
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key));
    }

    boolean flag(String key) {
        var value = values.getOrDefault(key, "false");
        if (!value.equals("true") && !value.equals("false") && !value.equals("1") && !value.equals("0")) {
            throw wrong(key, value, "true or false");
        }
        return value.equals("true") || value.equals("1");
    }

    <E extends Enum<E>> E choice(String key, String otherwise, E[] words) {
        var value = values.getOrDefault(key, otherwise).toLowerCase(Locale.ROOT);
        for (var word : words) {
            if (word.name().toLowerCase(Locale.ROOT).equals(value)) {
                return word;
            }
        }
        var known = List.of(words).stream()
                .map(w -> w.name().toLowerCase(Locale.ROOT))
                .toList();
        throw wrong(key, value, String.join(", ", known));
    }

    OptionalInt octal(String key) {
        var value = values.get(key);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (!value.matches("[0-7]{1,5}")) {
            throw wrong(key, value, "an octal mode like 0600");
        }
        return OptionalInt.of(Integer.parseInt(value, 8));
    }

    int number(String key) {
        var value = values.getOrDefault(key, "0");
        if (!value.matches("[0-9]{1,9}")) {
            throw wrong(key, value, "a number");
        }
        return Integer.parseInt(value);
    }

    OptionalLong size(String key) {
        var value = values.get(key);
        if (value == null) {
            return OptionalLong.empty();
        }
        var text = value.toLowerCase(Locale.ROOT).replaceFirst("i?b$", "");
        if (!text.matches("[0-9]{1,12}[kmgt]?")) {
            throw wrong(key, value, "a size like 64m");
        }
        int unit = "kmgt".indexOf(text.charAt(text.length() - 1));
        long number = Long.parseLong(unit < 0 ? text : text.substring(0, text.length() - 1));
        return OptionalLong.of(number << (10 * (unit + 1)));
    }

    private BuildException wrong(String key, String value, String expected) {
        return new BuildException(place, "--mount: " + key + "=" + value + " is not valid: expected " + expected);
    }
}
