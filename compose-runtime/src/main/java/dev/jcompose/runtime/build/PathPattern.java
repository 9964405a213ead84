package dev.jcompose.runtime.build;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Turns the wildcards of COPY and of ignore files into regular expressions, as Go's matchers read them. */
public final class PathPattern {
    private static final String LITERAL = ".+()|{}$^";

    private PathPattern() {}

    /** Whether a source has wildcards at all. */
    public static boolean hasWildcards(String path) {
        return path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    /**
     * Compiles a cleaned path pattern.
     *
     * @param anyDepth whether {@code **} matches any number of directories
     */
    public static Pattern compile(Place place, String pattern, boolean anyDepth) {
        var regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (anyDepth && pattern.startsWith("**", i)) {
                i += pattern.startsWith("**/", i) ? 2 : 1;
                regex.append(i == pattern.length() - 1 ? ".*" : "(.*/)?");
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (c == '[') {
                i = characterClass(place, pattern, i, regex);
            } else if (c == '\\' && i + 1 < pattern.length()) {
                regex.append(Pattern.quote(String.valueOf(pattern.charAt(++i))));
            } else {
                regex.append(LITERAL.indexOf(c) >= 0 || c == '\\' ? "\\" + c : String.valueOf(c));
            }
        }
        return compiled(place, pattern, regex.toString());
    }

    private static int characterClass(Place place, String pattern, int start, StringBuilder regex) {
        int end = pattern.indexOf(']', start + 2);
        if (end < 0) {
            throw new BuildException(place, "\"" + pattern + "\" is not a pattern: [ without ]");
        }
        regex.append(pattern.substring(start, end).replace("&&", "&").replaceAll("(?<!^)\\[", "\\\\["));
        regex.append(']');
        return end;
    }

    private static Pattern compiled(Place place, String pattern, String regex) {
        try {
            return Pattern.compile(regex, Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new BuildException(place, "\"" + pattern + "\" is not a pattern: " + e.getDescription(), e);
        }
    }
}
