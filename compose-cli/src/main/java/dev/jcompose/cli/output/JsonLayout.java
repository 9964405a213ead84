package dev.jcompose.cli.output;

/** Spreads JSON over lines, as Docker's {@code inspect} commands print it. */
public final class JsonLayout {
    private static final String INDENT = "    ";

    private JsonLayout() {}

    /** The same document with four spaces for each level. */
    public static String indented(String json) {
        var text = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted) {
                text.append(c);
                if (c == '\\') {
                    text.append(json.charAt(++i));
                }
                quoted = c != '"';
            } else if (c == '{' || c == '[') {
                boolean empty = json.charAt(i + 1) == (c == '{' ? '}' : ']');
                text.append(c).append(empty ? String.valueOf(json.charAt(++i)) : newLine(++depth));
            } else if (c == '}' || c == ']') {
                text.append(newLine(--depth)).append(c);
            } else {
                text.append(c).append(c == ',' ? newLine(depth) : c == ':' ? " " : "");
                quoted = c == '"';
            }
        }
        return text.toString();
    }

    private static String newLine(int depth) {
        return "\n" + INDENT.repeat(depth);
    }
}
