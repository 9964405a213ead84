package dev.jcompose.runtime.linux.shim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One message of the helper's protocol: NUL-terminated strings, the first being its key, and maybe unterminated bytes at the
 * end.
 */
public final class Frame {
    /** The most bytes a frame may have. */
    public static final int MAXIMUM = 1 << 20;

    /** How many strings come before the raw bytes in the frames that end with such. */
    private static final Map<String, Integer> STRINGS_BEFORE_BYTES = Map.of("seccomp", 1, "file", 5, "probe", 4);

    private final byte[] body;
    private final String key;

    private Frame(byte[] body) {
        this.body = body;
        this.key = text(0);
    }

    public static Frame of(String key, String... fields) {
        return new Frame(encode(new byte[0], key, fields));
    }

    /** A frame that ends with raw bytes after its fields. */
    public static Frame withBytes(byte[] bytes, String key, String... fields) {
        return new Frame(encode(bytes, key, fields));
    }

    static Frame ofBody(byte[] body) {
        return new Frame(body);
    }

    private static byte[] encode(byte[] tail, String key, String... fields) {
        byte[][] encoded = new byte[fields.length + 1][];
        encoded[0] = key.getBytes(UTF_8);
        int size = encoded[0].length + 1 + tail.length;
        for (int i = 0; i < fields.length; i++) {
            encoded[i + 1] = fields[i].getBytes(UTF_8);
            size += encoded[i + 1].length + 1;
        }
        byte[] body = new byte[size];
        int at = 0;
        for (byte[] text : encoded) {
            requireNoNul(text);
            System.arraycopy(text, 0, body, at, text.length);
            at += text.length + 1;
        }
        System.arraycopy(tail, 0, body, at, tail.length);
        return body;
    }

    private static void requireNoNul(byte[] text) {
        for (byte b : text) {
            if (b == 0) {
                throw new IllegalArgumentException("a NUL character in \"" + new String(text, UTF_8) + "\"");
            }
        }
    }

    byte[] body() {
        return body;
    }

    public String key() {
        return key;
    }

    /** The string at that place, the key being 0; empty when there is none. */
    public String text(int index) {
        int start = start(index);
        int end = terminator(start);
        return end < 0 ? "" : new String(body, start, end - start, UTF_8);
    }

    public long number(int index) {
        var text = text(index);
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new FrameException("\"" + text + "\" is not a number in frame \"" + key() + "\"", e);
        }
    }

    /** All strings after the key. */
    public List<String> fields() {
        int most = STRINGS_BEFORE_BYTES.getOrDefault(key(), Integer.MAX_VALUE) - 1;
        List<String> fields = new ArrayList<>();
        int start = terminator(0) + 1;
        for (int end = terminator(start); end >= 0 && fields.size() < most; end = terminator(start)) {
            fields.add(new String(body, start, end - start, UTF_8));
            start = end + 1;
        }
        return fields;
    }

    /** What follows the first {@code strings} strings (the key counts). */
    public byte[] bytes(int strings) {
        return Arrays.copyOfRange(body, Math.min(start(strings), body.length), body.length);
    }

    private int start(int index) {
        int start = 0;
        for (int i = 0; i < index; i++) {
            int end = terminator(start);
            if (end < 0) {
                return body.length;
            }
            start = end + 1;
        }
        return start;
    }

    private int terminator(int from) {
        for (int i = from; i < body.length; i++) {
            if (body[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    /** For messages and tests: strings by spaces, quoted where needed. */
    @Override
    public String toString() {
        var text = new StringBuilder(key());
        for (var field : fields()) {
            text.append(' ').append(quoted(field));
        }
        var strings = STRINGS_BEFORE_BYTES.get(key());
        return strings == null
                ? text.toString()
                : text.append(" +")
                        .append(bytes(strings).length)
                        .append(" bytes")
                        .toString();
    }

    private static String quoted(String field) {
        boolean plain = !field.isEmpty() && field.chars().noneMatch(c -> c <= ' ' || c == '"');
        return plain ? field : "\"" + field.replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
