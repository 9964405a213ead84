package dev.jcompose.model.interpolate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A value with variables (Compose Specification, Interpolation): {@code $VAR}, {@code ${VAR}} and the operators {@code :-},
 * {@code -}, {@code :?}, {@code ?}, {@code :+} and {@code +}, nested at will; {@code $$} is a dollar. What follows an
 * operator is only looked at when it is needed.
 */
public final class Template {
    private static final int DEEPEST = 50;

    private final String text;
    private final Variables variables;
    private final int depth;

    private Template(String text, Variables variables, int depth) {
        this.text = text;
        this.variables = variables;
        this.depth = depth;
    }

    /** A variable used in a value, for {@code config --variables}. */
    public record Use(String name, boolean required, String fallback, String alternative) {}

    /** Fills in the variables of a value. */
    public static String substitute(String text, Variables variables) throws TemplateException {
        return text.indexOf('$') < 0 ? text : new Template(text, variables, 0).fill();
    }

    /** The variables a value uses, outer ones first; malformed parts are skipped. */
    public static List<Use> uses(String text) {
        var uses = new ArrayList<Use>();
        for (int i = text.indexOf('$'); i >= 0 && i + 1 < text.length(); i = text.indexOf('$', i)) {
            i = addUse(text, i, uses);
        }
        return uses;
    }

    private static int addUse(String text, int dollar, List<Use> uses) {
        char next = text.charAt(dollar + 1);
        if (next == '$') {
            return dollar + 2;
        }
        if (next == '{') {
            int end = closing(text, dollar + 1);
            var braced = end < 0 ? Optional.<Braced>empty() : Braced.parse(text.substring(dollar + 2, end));
            if (braced.isEmpty()) {
                return dollar + 2;
            }
            uses.add(braced.get().use());
            uses.addAll(uses(braced.get().operand()));
            return end + 1;
        }
        int end = nameEnd(text, dollar + 1);
        if (end > dollar + 1) {
            uses.add(new Use(text.substring(dollar + 1, end), false, "", ""));
        }
        return Math.max(end, dollar + 1);
    }

    private String fill() throws TemplateException {
        if (depth > DEEPEST) {
            throw new TemplateException("defaults are nested deeper than " + DEEPEST + " levels");
        }
        var out = new StringBuilder(text.length() + 16);
        int i = 0;
        while (i < text.length()) {
            int dollar = text.indexOf('$', i);
            if (dollar < 0 || dollar == text.length() - 1) {
                return out.append(text, i, text.length()).toString();
            }
            i = variable(out.append(text, i, dollar), dollar);
        }
        return out.toString();
    }

    /** Appends what stands at a dollar and returns the index behind it. */
    private int variable(StringBuilder out, int dollar) throws TemplateException {
        char next = text.charAt(dollar + 1);
        if (next == '$') {
            out.append('$');
            return dollar + 2;
        }
        if (next == '{') {
            int end = closing(text, dollar + 1);
            var braced = end < 0 ? Optional.<Braced>empty() : Braced.parse(text.substring(dollar + 2, end));
            out.append(value(braced.orElseThrow(this::malformed)));
            return end + 1;
        }
        int end = nameEnd(text, dollar + 1);
        if (end == dollar + 1) {
            out.append('$');
            return end;
        }
        out.append(plain(text.substring(dollar + 1, end)));
        return end;
    }

    private TemplateException malformed() {
        return new TemplateException("invalid interpolation format: \"" + text
                + "\" (write ${NAME} or ${NAME:-default}; $$ is a plain dollar)");
    }

    private String plain(String name) {
        var value = variables.value(name);
        if (value.isEmpty()) {
            variables.blank(name);
        }
        return value.orElse("");
    }

    private String value(Braced braced) throws TemplateException {
        var value = variables.value(braced.name());
        boolean present = value.isPresent()
                && !(braced.emptyCountsAsUnset() && value.get().isEmpty());
        return switch (braced.operator()) {
            case '-' -> present ? value.get() : nested(braced.operand());
            case '+' -> present ? nested(braced.operand()) : "";
            case '?' -> {
                if (present) {
                    yield value.get();
                }
                throw new TemplateException(missing(braced.name(), nested(braced.operand())));
            }
            default -> plain(braced.name());
        };
    }

    private static String missing(String name, String reason) {
        var message = "required variable " + name + " is missing a value";
        return reason.isEmpty() ? message : message + ": " + reason;
    }

    private String nested(String operand) throws TemplateException {
        return operand.indexOf('$') < 0 ? operand : new Template(operand, variables, depth + 1).fill();
    }

    /** The index of the brace that closes the one at {@code open}, or -1. */
    private static int closing(String text, int open) {
        int level = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{') {
                level++;
            } else if (c == '}' && --level == 0) {
                return i;
            }
        }
        return -1;
    }

    private static int nameEnd(String text, int start) {
        int i = start;
        while (i < text.length() && isNamePart(text.charAt(i), i == start)) {
            i++;
        }
        return i;
    }

    private static boolean isNamePart(char c, boolean first) {
        return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (!first && c >= '0' && c <= '9');
    }

    /** The inside of a pair of braces. */
    private record Braced(String name, boolean emptyCountsAsUnset, char operator, String operand) {
        static Optional<Braced> parse(String inside) {
            int end = nameEnd(inside, 0);
            if (end == 0) {
                return Optional.empty();
            }
            var name = inside.substring(0, end);
            if (end == inside.length()) {
                return Optional.of(new Braced(name, false, ' ', ""));
            }
            boolean colon = inside.charAt(end) == ':';
            int operator = colon ? end + 1 : end;
            boolean valid = operator < inside.length()
                    && "-?+".indexOf(inside.charAt(operator)) >= 0
                    && inside.indexOf('\n') < 0;
            return valid
                    ? Optional.of(new Braced(name, colon, inside.charAt(operator), inside.substring(operator + 1)))
                    : Optional.empty();
        }

        Use use() {
            return new Use(name, operator == '?', operator == '-' ? operand : "", operator == '+' ? operand : "");
        }
    }
}
