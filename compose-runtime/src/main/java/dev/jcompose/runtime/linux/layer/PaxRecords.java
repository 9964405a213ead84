package dev.jcompose.runtime.linux.layer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The records of pax headers, {@code <length> <key>=<value>} each: what does not fit into a tar's fixed fields. */
final class PaxRecords {
    private static final String ATTRIBUTE = "SCHILY.xattr.";
    private static final int MAX_DIGITS = 9;

    private final Map<String, byte[]> values = new HashMap<>();
    private final List<Long> sparse = new ArrayList<>();

    /** Reads a header's content over what is known already. */
    void read(byte[] content) {
        for (int at = 0; at < content.length && content[at] != 0; ) {
            int space = indexOf(content, ' ', at, Math.min(content.length, at + MAX_DIGITS));
            int length = space < 0 ? 0 : decimal(content, at, space);
            int equals = indexOf(content, '=', space + 1, content.length);
            int end = at + length;
            if (space < 0 || equals < 0 || end > content.length || equals >= end || content[end - 1] != '\n') {
                throw new LayerException("the tar has a damaged pax header");
            }
            put(text(content, space + 1, equals), copy(content, equals + 1, end - 1));
            at = end;
        }
    }

    private void put(String key, byte[] value) {
        if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
            sparse.add(whole(key, value)); // the only keys that are repeated, in turns
        } else {
            values.put(key, value);
        }
    }

    /** Takes over what was said for all files. */
    void putAll(PaxRecords global) {
        values.putAll(global.values);
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key))
                .filter(value -> value.length > 0)
                .map(value -> new String(value, StandardCharsets.UTF_8));
    }

    Optional<Long> whole(String key) {
        return Optional.ofNullable(values.get(key))
                .filter(value -> value.length > 0)
                .map(value -> whole(key, value));
    }

    private static long whole(String key, byte[] value) {
        try {
            return Long.parseLong(new String(value, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            throw new LayerException("the tar has a pax header whose " + key + " is no number", e);
        }
    }

    /** Extended attributes, which may hold any bytes. */
    Map<String, byte[]> attributes() {
        var attributes = new HashMap<String, byte[]>();
        values.forEach((key, value) -> {
            if (key.startsWith(ATTRIBUTE)) {
                attributes.put(key.substring(ATTRIBUTE.length()), value);
            }
        });
        return attributes;
    }

    /** The map of a sparse file of the forms 0.0 and 0.1: offsets and lengths in turns; empty when there is none. */
    List<Long> sparseMap() {
        var map = text("GNU.sparse.map");
        if (map.isEmpty()) {
            return List.copyOf(sparse);
        }
        var numbers = new ArrayList<Long>();
        for (var number : map.get().split(",", -1)) {
            numbers.add(whole("GNU.sparse.map", number.getBytes(StandardCharsets.US_ASCII)));
        }
        return numbers;
    }

    private static int indexOf(byte[] content, char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (content[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int decimal(byte[] content, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            if (content[i] < '0' || content[i] > '9') {
                return 0;
            }
            number = number * 10 + content[i] - '0';
        }
        return number;
    }

    private static String text(byte[] content, int from, int to) {
        return new String(content, from, to - from, StandardCharsets.UTF_8);
    }

    private static byte[] copy(byte[] content, int from, int to) {
        var part = new byte[to - from];
        System.arraycopy(content, from, part, 0, part.length);
        return part;
    }
}
