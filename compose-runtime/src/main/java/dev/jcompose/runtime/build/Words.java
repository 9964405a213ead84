package dev.jcompose.runtime.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** How the rest of an instruction is cut into words. */
final class Words {
    private Words() {}

    /** At white space, whatever is quoted. */
    static List<String> plain(String text) {
        var stripped = text.strip();
        return stripped.isEmpty() ? List.of() : List.of(stripped.split("\\s+", -1));
    }

    /** At white space outside of quotes; quotes and escapes stay. */
    static List<String> quoted(String text, char escape) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                flush(word, words);
                continue;
            }
            word.append(c);
            if (c == escape && quote != '\'' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            }
        }
        flush(word, words);
        return words;
    }

    private static void flush(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    /** {@code name=value ...}, or the old form {@code name value with spaces}. */
    static SequencedMap<String, String> pairs(LogicalLine line, String rest, char escape) {
        var words = quoted(rest, escape);
        var pairs = new LinkedHashMap<String, String>();
        if (words.isEmpty()) {
            throw new BuildException(line.place(), "needs at least one name=value");
        }
        if (words.getFirst().indexOf('=') < 0) {
            if (words.size() < 2) {
                throw new BuildException(line.place(), "\"" + rest + "\" needs a value: name=value");
            }
            pairs.put(
                    words.getFirst(), rest.substring(words.getFirst().length()).strip());
            return pairs;
        }
        for (var word : words) {
            int equals = word.indexOf('=');
            if (equals <= 0) {
                throw new BuildException(line.place(), "\"" + word + "\" is not name=value");
            }
            pairs.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return pairs;
    }

    /** {@code name} or {@code name=default}, several. */
    static SequencedMap<String, Optional<String>> defaults(LogicalLine line, String rest, char escape) {
        var result = new LinkedHashMap<String, Optional<String>>();
        for (var word : quoted(rest, escape)) {
            int equals = word.indexOf('=');
            var name = equals < 0 ? word : word.substring(0, equals);
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new BuildException(line.place(), "\"" + name + "\" is not a name for an argument");
            }
            result.put(name, equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1)));
        }
        if (result.isEmpty()) {
            throw new BuildException(line.place(), "ARG needs a name");
        }
        return result;
    }
}
