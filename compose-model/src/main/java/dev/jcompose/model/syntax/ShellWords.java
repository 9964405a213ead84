package dev.jcompose.model.syntax;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command line into words as a shell would, without running one: quotes and backslashes count, variables and
 * wildcards do not. A control operator ends the line, as in Compose.
 */
public final class ShellWords {
    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private ShellWords(String line) {
        this.line = line;
    }

    public static List<String> split(String line) throws SyntaxException {
        return new ShellWords(line).split();
    }

    private List<String> split() throws SyntaxException {
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (isOperator(c)) {
                if (c == '(' || c == ')') {
                    throw bad("unexpected \"" + c + "\"");
                }
                dropDescriptor(c);
                break;
            }
            step(c);
        }
        endWord();
        return words;
    }

    private void step(char c) throws SyntaxException {
        switch (c) {
            case ' ', '\t', '\r', '\n' -> endWord();
            case '\'' -> singleQuoted();
            case '"' -> doubleQuoted();
            case '`' -> backQuoted();
            case '\\' -> append(next("a backslash at the end"));
            case '$' -> dollar();
            default -> append(c);
        }
    }

    private static boolean isOperator(char c) {
        return c == ';' || c == '&' || c == '|' || c == '<' || c == '>' || c == '(' || c == ')';
    }

    /** A number directly before a redirection is not a word: {@code 2>file}. */
    private void dropDescriptor(char c) {
        if (c == '>' && !word.isEmpty() && Character.isDigit(word.charAt(0))) {
            word.setLength(0);
            inWord = false;
        }
    }

    private void append(char c) {
        word.append(c);
        inWord = true;
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }

    private char next(String missing) throws SyntaxException {
        if (at == line.length()) {
            throw bad(missing);
        }
        return line.charAt(at++);
    }

    private void singleQuoted() throws SyntaxException {
        inWord = true;
        for (char c = next("an open quote"); c != '\''; c = next("an open quote")) {
            word.append(c);
        }
    }

    private void doubleQuoted() throws SyntaxException {
        inWord = true;
        for (char c = next("an open quote"); c != '"'; c = next("an open quote")) {
            word.append(c == '\\' ? next("an open quote") : c);
        }
    }

    private void backQuoted() throws SyntaxException {
        append('`');
        for (char c = next("an open back quote"); c != '`'; c = next("an open back quote")) {
            word.append(c);
        }
        word.append('`');
    }

    /** {@code $(...)} stays one word, whatever is inside. */
    private void dollar() throws SyntaxException {
        append('$');
        if (at == line.length() || line.charAt(at) != '(') {
            return;
        }
        int level = 0;
        do {
            char c = next("an open \"$(\"");
            level += c == '(' ? 1 : c == ')' ? -1 : 0;
            word.append(c);
        } while (level > 0);
    }

    private SyntaxException bad(String reason) {
        return new SyntaxException("\"" + line + "\" is not a command line: " + reason);
    }
}
