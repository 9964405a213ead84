package dev.jcompose.model.render;

import java.util.Locale;
import java.util.Set;

/** Chooses how a text is written in YAML: plain where nothing could misread it, quoted or as a block elsewhere. */
final class YamlText {
    private static final Set<String> WORDS = Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null", "~");
    private static final String LEADING = "-?:,[]{}#&*!|>'\"%@`=<+.~ ";

    private YamlText() {}

    /** For a value: several lines become a literal block. */
    static String block(String text, int indent) {
        if (text.indexOf('\n') < 0
                || text.isBlank()
                || text.startsWith(" ")
                || text.startsWith("\n")
                || !printable(text)) {
            return inline(text);
        }
        var body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        if (body.endsWith("\n")) {
            return inline(text);
        }
        var out = new StringBuilder(text.endsWith("\n") ? "|" : "|-");
        for (var line : body.split("\n", -1)) {
            out.append('\n');
            if (!line.isEmpty()) {
                out.repeat(' ', indent).append(line);
            }
        }
        return out.toString();
    }

    /** On one line. */
    static String inline(String text) {
        return isPlain(text) ? text : quoted(text);
    }

    private static boolean isPlain(String text) {
        if (text.isEmpty() || (text.length() < 6 && WORDS.contains(text.toLowerCase(Locale.ROOT)))) {
            return false;
        }
        if (isName(text)) {
            return true;
        }
        char first = text.charAt(0);
        boolean number = isDigit(first) && isNumber(text);
        boolean unsafe = LEADING.indexOf(first) >= 0 && !isWordOption(text);
        return !number
                && !unsafe
                && !text.endsWith(" ")
                && !text.endsWith(":")
                && !text.contains(": ")
                && !text.contains(" #")
                && text.indexOf('\n') < 0
                && printable(text);
    }

    /** {@code -p} and {@code --flag} are safe although they start with a dash, {@code ./x} although with a dot. */
    private static boolean isWordOption(String text) {
        return text.length() > 1
                && ((text.charAt(0) == '-' && Character.isLetter(text.charAt(1)))
                        || (text.startsWith("--") && text.length() > 3 && Character.isLetter(text.charAt(2)))
                        || text.startsWith("./")
                        || text.startsWith("../"));
    }

    /** What most texts are, told in one cheap pass. */
    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '/';
            if (!letter && (i == 0 || !(isDigit(c) || c == '-' || c == '.'))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isDigit(c) && "abcdefABCDEFxXoO_.:+-TtZz".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean ascii = c >= 0x20 && c < 0x7F;
            if (!ascii && c != '\n' && (c < 0xA0 || c >= 0xD800)) {
                return false;
            }
        }
        return true;
    }

    private static String quoted(String text) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    boolean plain = (c >= 0x20 && c < 0x7F) || (c >= 0xA0 && c != 0x2028 && c != 0x2029 && c != 0xFEFF);
                    out.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04X", (int) c));
                }
            }
        }
        return out.append('"').toString();
    }
}
