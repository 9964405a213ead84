package dev.jcompose.model.env;

/** The backslash escapes of double-quoted values; unknown ones stay as written. */
final class Escapes {
    private Escapes() {}

    static String expand(String value) {
        if (value.indexOf('\\') < 0) {
            return value;
        }
        var out = new StringBuilder(value.length());
        int i = 0;
        while (i < value.length()) {
            char c = value.charAt(i);
            i = c == '\\' && i + 1 < value.length() ? escape(value, i, out) : literal(c, i, out);
        }
        return out.toString();
    }

    private static int literal(char c, int i, StringBuilder out) {
        out.append(c);
        return i + 1;
    }

    private static int escape(String value, int backslash, StringBuilder out) {
        char c = value.charAt(backslash + 1);
        switch (c) {
            case 'a' -> out.append('\u0007');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'v' -> out.append('\u000B');
            case '\\' -> out.append('\\');
            case '"' -> out.append('"');
            case '$' -> out.append("$$");
            case '0' -> {
                return octal(value, backslash, out);
            }
            default -> out.append('\\').append(c);
        }
        return backslash + 2;
    }

    /** {@code \0123}: up to three octal digits behind the zero make one character. */
    private static int octal(String value, int backslash, StringBuilder out) {
        int start = backslash + 2;
        int end = start;
        while (end < value.length() && end < start + 3 && Character.isDigit(value.charAt(end))) {
            end++;
        }
        var digits = value.substring(start, end);
        if (digits.length() == 3 && digits.chars().allMatch(d -> d < '8') && Integer.parseInt(digits, 8) < 256) {
            out.append((char) Integer.parseInt(digits, 8));
        } else {
            out.append('\\').append(digits);
        }
        return end;
    }
}
