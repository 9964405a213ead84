package dev.jcompose.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Takes a template apart: text, and the words between double braces. */
final class TemplateTokens {
    private static final Pattern WORD = Pattern.compile("\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|\\||[^\\s|\"`]+)\\s*");

    private TemplateTokens() {}

    /** Either text or words. */
    record Token(boolean isText, String text, List<String> words) {
        Token {
            words = List.copyOf(words);
        }
    }

    static List<Token> of(String template) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        boolean trims = false;
        for (int open = template.indexOf("{{"); open >= 0; open = template.indexOf("{{", at)) {
            int close = template.indexOf("}}", open);
            if (close < 0) {
                throw GoTemplate.refused("\"{{\" is not closed");
            }
            var inside = template.substring(open + 2, close);
            boolean trimsBefore = inside.startsWith("- ");
            text(tokens, template.substring(at, open), trims, trimsBefore);
            trims = inside.endsWith(" -");
            var words = inside.substring(trimsBefore ? 1 : 0, inside.length() - (trims ? 1 : 0));
            if (!words.strip().startsWith("/*")) {
                tokens.add(new Token(false, "", words(words)));
            }
            at = close + 2;
        }
        text(tokens, template.substring(at), trims, false);
        return tokens;
    }

    private static void text(List<Token> tokens, String text, boolean trimsStart, boolean trimsEnd) {
        var start = trimsStart ? text.stripLeading() : text;
        var trimmed = trimsEnd ? start.stripTrailing() : start;
        if (!trimmed.isEmpty()) {
            tokens.add(new Token(true, trimmed, List.of()));
        }
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        var word = WORD.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!word.region(at, text.length()).lookingAt()) {
                if (text.substring(at).isBlank()) {
                    return words;
                }
                throw GoTemplate.refused("{{" + text + "}} cannot be read");
            }
            words.add(word.group(1));
            at = word.end();
        }
        return words;
    }
}
