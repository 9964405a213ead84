package dev.jcompose.model.env;

import dev.jcompose.model.interpolate.Template;
import dev.jcompose.model.interpolate.TemplateException;
import dev.jcompose.model.interpolate.Variables;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The dialect of {@code .env} and {@code env_file}: {@code NAME=value} or {@code NAME: value}, an optional {@code export},
 * single quotes for literal text, double quotes for escapes and variables, both over several lines, {@code #} after a
 * blank for comments. A name alone takes the outer value, if there is one.
 */
public final class EnvFile {
    private final String text;
    private final Variables outer;
    private final SequencedMap<String, String> values = new LinkedHashMap<>();
    private int at;

    private EnvFile(String text, Variables outer, Map<String, String> earlier) {
        this.text = text;
        this.outer = outer;
        values.putAll(earlier);
    }

    /** Reads a whole file; variables in it see {@code outer} first, then earlier lines. */
    public static SequencedMap<String, String> parse(String text, Variables outer) throws EnvFileException {
        return parse(text, outer, Map.of());
    }

    /** Reads a whole file and adds it to what earlier files set. */
    public static SequencedMap<String, String> parse(String text, Variables outer, Map<String, String> earlier)
            throws EnvFileException {
        var file = new EnvFile(text, outer, earlier);
        file.parse();
        return file.values;
    }

    private void parse() throws EnvFileException {
        while (skipToStatement()) {
            statement();
        }
    }

    /** Skips blank lines and comments; false at the end of the file. */
    private boolean skipToStatement() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                at = lineEnd(at);
            } else if (Character.isWhitespace(c) || isBlank(c)) {
                at++;
            } else {
                return true;
            }
        }
        return false;
    }

    private void statement() throws EnvFileException {
        skipExport();
        int start = at;
        int end = nameEnd();
        if (end == text.length()) {
            values.put("", value(start));
            return;
        }
        var name = text.substring(start, end).stripTrailing();
        if (name.indexOf(' ') >= 0) {
            throw problem(start, "a variable name cannot contain a blank: \"" + name + "\"");
        }
        if (text.charAt(end) == '\n') {
            at = end + 1;
            outer.value(name).ifPresent(value -> values.put(name, value));
            return;
        }
        values.put(name, value(skipBlanks(end + 1)));
    }

    private void skipExport() {
        if (text.startsWith("export", at)
                && at + 6 < text.length()
                && (isBlank(text.charAt(at + 6)) || text.charAt(at + 6) == '\n')) {
            at = skipBlanks(at + 6);
        }
    }

    /** The index of the separator behind a name, or the length of the text when there is none. */
    private int nameEnd() throws EnvFileException {
        int i = at;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            if (c == '=' || c == ':' || c == '\n') {
                return i;
            }
            if (!isBlank(c) && !isNamePart(c)) {
                throw problem(
                        i,
                        "unexpected character \"%s\" in variable name \"%s\""
                                .formatted(Character.toString(c), text.substring(at, lineEnd(at))));
            }
            i += Character.charCount(c);
        }
        return i;
    }

    private String value(int start) throws EnvFileException {
        at = start;
        if (start < text.length() && (text.charAt(start) == '"' || text.charAt(start) == '\'')) {
            return quoted(start, text.charAt(start));
        }
        int end = lineEnd(start);
        at = Math.min(text.length(), end + 1);
        var line = text.substring(start, end);
        int comment = line.indexOf(" #");
        return expand(start, stripEnd(comment < 0 ? line : line.substring(0, comment)));
    }

    private String quoted(int start, char quote) throws EnvFileException {
        var inside = new StringBuilder();
        boolean escaped = false;
        for (int i = start + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote && !escaped) {
                at = i + 1;
                return quote == '"' ? expand(start, Escapes.expand(inside.toString())) : inside.toString();
            }
            if (escaped && c != quote) {
                inside.append('\\');
            }
            boolean starts = c == '\\' && !escaped;
            if (!starts) {
                inside.append(c);
            }
            escaped = starts;
        }
        throw problem(start, "unterminated quoted value " + text.substring(start, lineEnd(start)));
    }

    private String expand(int start, String value) throws EnvFileException {
        try {
            return Template.substitute(
                    value, name -> outer.value(name).or(() -> Optional.ofNullable(values.get(name))));
        } catch (TemplateException e) {
            throw problem(start, e.reason());
        }
    }

    private int skipBlanks(int from) {
        int i = from;
        while (i < text.length() && isBlank(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private int lineEnd(int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private static String stripEnd(String value) {
        int end = value.length();
        while (end > 0 && (isBlank(value.charAt(end - 1)) || Character.isWhitespace(value.charAt(end - 1)))) {
            end--;
        }
        return value.substring(0, end);
    }

    /** White space that does not end a line. */
    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == 0x0B || c == '\f' || c == 0x85 || c == 0xA0;
    }

    private static boolean isNamePart(int c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-' || c == '[' || c == ']';
    }

    private EnvFileException problem(int index, String message) {
        int line = 1;
        for (int i = 0; i < index; i++) {
            if (text.charAt(i) == '\n') {
                line++;
            }
        }
        return new EnvFileException(line, message);
    }
}
