package dev.jcompose.runtime.build;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces variables in a word and takes its quotes away, as the Dockerfile reference says: {@code $name},
 * {@code ${name:-default}}, {@code ${name:+set}}, {@code ${name:?message}}, {@code ${name#prefix}} and their like.
 */
public final class Expansion {
    private final Place place;
    private final char escape;
    private final Function<String, Optional<String>> variables;

    public Expansion(Place place, char escape, Function<String, Optional<String>> variables) {
        this.place = place;
        this.escape = escape;
        this.variables = variables;
    }

    /** A word of an instruction, its quotes removed. */
    public String word(String text) {
        return new Scan(text, true).run();
    }

    /** A document, in which quotes mean nothing. */
    public String document(String text) {
        return new Scan(text, false).run();
    }

    private final class Scan {
        private final String text;
        private final boolean quotes;
        private int at;

        Scan(String text, boolean quotes) {
            this.text = text;
            this.quotes = quotes;
        }

        String run() {
            var out = new StringBuilder();
            while (at < text.length()) {
                char c = text.charAt(at);
                if (quotes && c == '\'') {
                    singleQuoted(out);
                } else if (quotes && c == '"') {
                    doubleQuoted(out);
                } else if (c == '$') {
                    variable(out);
                } else if (c == escape) {
                    escaped(out);
                } else {
                    out.append(c);
                    at++;
                }
            }
            return out.toString();
        }

        private void escaped(StringBuilder out) {
            at++;
            if (at == text.length()) {
                return;
            }
            char c = text.charAt(at++);
            if (!quotes && c != '$' && c != escape) {
                out.append(escape);
            }
            out.append(c);
        }

        private void singleQuoted(StringBuilder out) {
            int end = text.indexOf('\'', at + 1);
            if (end < 0) {
                throw new BuildException(place, "unterminated ' in " + text);
            }
            out.append(text, at + 1, end);
            at = end + 1;
        }

        private void doubleQuoted(StringBuilder out) {
            at++;
            while (at < text.length() && text.charAt(at) != '"') {
                char c = text.charAt(at);
                if (c == '$') {
                    variable(out);
                } else if (c == escape && at + 1 < text.length()) {
                    char following = text.charAt(at + 1);
                    if (following != '"' && following != '$' && following != escape) {
                        out.append(c);
                    }
                    out.append(following);
                    at += 2;
                } else {
                    out.append(c);
                    at++;
                }
            }
            if (at == text.length()) {
                throw new BuildException(place, "unterminated \" in " + text);
            }
            at++;
        }

        private void variable(StringBuilder out) {
            at++;
            if (at < text.length() && text.charAt(at) == '{') {
                out.append(braced());
                return;
            }
            int start = at;
            while (at < text.length() && isNamePart(text.charAt(at), at > start)) {
                at++;
            }
            var name = text.substring(start, at);
            out.append(name.isEmpty() ? "$" : variables.apply(name).orElse(""));
        }

        private String braced() {
            int end = closing();
            var inner = text.substring(at + 1, end);
            at = end + 1;
            int length = 0;
            while (length < inner.length() && isNamePart(inner.charAt(length), length > 0)) {
                length++;
            }
            var name = inner.substring(0, length);
            if (name.isEmpty()) {
                throw new BuildException(place, "bad substitution: ${" + inner + "}");
            }
            return modified(name, inner.substring(length));
        }

        private int closing() {
            int depth = 0;
            for (int i = at; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == escape) {
                    i++;
                } else if (c == '{') {
                    depth++;
                } else if (c == '}' && --depth == 0) {
                    return i;
                }
            }
            throw new BuildException(place, "missing } in " + text);
        }
    }

    private static boolean isNamePart(char c, boolean later) {
        return c == '_' || (c < 128 && (Character.isLetter(c) || (later && Character.isDigit(c))));
    }

    private String modified(String name, String modifier) {
        var value = variables.apply(name);
        if (modifier.isEmpty()) {
            return value.orElse("");
        }
        boolean colon = modifier.charAt(0) == ':' && modifier.length() > 1;
        var operator = modifier.charAt(colon ? 1 : 0);
        var operand = modifier.substring(colon ? 2 : 1);
        var present = colon ? value.filter(v -> !v.isEmpty()) : value;
        return switch (operator) {
            case '-' -> present.orElseGet(() -> word(operand));
            case '+' -> present.isPresent() ? word(operand) : "";
            case '?' ->
                present.orElseThrow(() ->
                        new BuildException(place, name + ": " + (operand.isEmpty() ? "is not set" : word(operand))));
            case '#' -> withoutPrefix(value.orElse(""), operand);
            case '%' -> withoutSuffix(value.orElse(""), operand);
            case '/' -> replaced(value.orElse(""), operand);
            default -> throw new BuildException(place, "bad substitution: ${" + name + modifier + "}");
        };
    }

    private String withoutPrefix(String value, String operand) {
        boolean longest = operand.startsWith("#");
        var glob = glob(word(longest ? operand.substring(1) : operand), longest);
        return Pattern.compile("^" + glob, Pattern.DOTALL).matcher(value).replaceFirst("");
    }

    private String withoutSuffix(String value, String operand) {
        boolean longest = operand.startsWith("%");
        var glob = glob(word(longest ? operand.substring(1) : operand), true);
        var head = longest ? "(.*?)" : "(.*)";
        var matcher = Pattern.compile("^" + head + glob + "$", Pattern.DOTALL).matcher(value);
        return matcher.matches() ? matcher.group(1) : value;
    }

    private String replaced(String value, String operand) {
        boolean all = operand.startsWith("/");
        var parts = (all ? operand.substring(1) : operand).split("/", 2);
        var matcher =
                Pattern.compile(glob(word(parts[0]), true), Pattern.DOTALL).matcher(value);
        var with = Matcher.quoteReplacement(parts.length > 1 ? word(parts[1]) : "");
        return all ? matcher.replaceAll(with) : matcher.replaceFirst(with);
    }

    private static String glob(String pattern, boolean greedy) {
        var regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            switch (c) {
                case '*' -> regex.append(greedy ? ".*" : ".*?");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }
}
