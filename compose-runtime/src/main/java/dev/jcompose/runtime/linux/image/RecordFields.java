package dev.jcompose.runtime.linux.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.zip.CRC32;

/**
 * Named lists of texts in a small file: a first line with version and checksum, then for each field its name, the number
 * of its values and the values, each ended by NUL.
 */
final class RecordFields {
    private final Map<String, List<String>> fields = new LinkedHashMap<>();

    void put(String key, String value) {
        fields.put(key, List.of(value));
    }

    void put(String key, List<String> values) {
        fields.put(key, List.copyOf(values));
    }

    void put(String key, SequencedMap<String, String> values) {
        var flat = new ArrayList<String>();
        values.forEach((name, value) -> {
            flat.add(name);
            flat.add(value);
        });
        fields.put(key, flat);
    }

    boolean has(String key) {
        return fields.containsKey(key);
    }

    String text(String key) {
        return texts(key).stream().findFirst().orElse("");
    }

    List<String> texts(String key) {
        return fields.getOrDefault(key, List.of());
    }

    SequencedMap<String, String> map(String key) {
        var map = new LinkedHashMap<String, String>();
        var flat = texts(key);
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            map.put(flat.get(i), flat.get(i + 1));
        }
        return map;
    }

    byte[] write(String version) {
        var text = new StringBuilder();
        fields.forEach((key, values) -> {
            text.append(key).append('\0').append(values.size()).append('\0');
            values.forEach(value -> text.append(value).append('\0'));
        });
        return (header(version, text.toString()) + text).getBytes(StandardCharsets.UTF_8);
    }

    private static String header(String version, String body) {
        var crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return version + " " + crc.getValue() + "\n";
    }

    /** Empty when the checksum or the version is another. */
    static Optional<RecordFields> read(byte[] bytes, String version) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\n') + 1;
        var body = text.substring(end);
        if (!header(version, body).equals(text.substring(0, end))) {
            return Optional.empty();
        }
        var parts = List.of(body.split("\0", -1));
        var result = new RecordFields();
        for (int i = 0; i + 1 < parts.size(); ) {
            int count = Integer.parseInt(parts.get(i + 1));
            result.put(parts.get(i), parts.subList(i + 2, i + 2 + count));
            i += 2 + count;
        }
        return Optional.of(result);
    }
}
