package dev.jcompose.runtime.registry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a registry wants to be shown who is asking: one challenge of {@code WWW-Authenticate}. */
record Challenge(String scheme, Map<String, String> parameters) {
    private static final Pattern PARAMETER =
            Pattern.compile("\\s*,?\\s*([a-zA-Z_]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,]+))");

    Challenge {
        parameters = Map.copyOf(parameters);
    }

    /** The best challenge of an answer: tokens before passwords. */
    static Optional<Challenge> of(Answer answer) {
        var all = answer.headers("www-authenticate").stream()
                .map(Challenge::parse)
                .toList();
        return named("bearer", all).or(() -> named("basic", all));
    }

    private static Optional<Challenge> named(String scheme, List<Challenge> all) {
        return all.stream().filter(one -> one.scheme.equals(scheme)).findFirst();
    }

    static Challenge parse(String header) {
        var text = header.strip();
        int space = text.indexOf(' ');
        if (space < 0) {
            return new Challenge(text.toLowerCase(Locale.ROOT), Map.of());
        }
        var parameters = new LinkedHashMap<String, String>();
        var matcher = PARAMETER.matcher(text).region(space, text.length());
        while (matcher.lookingAt()) {
            var quoted = Optional.ofNullable(matcher.group(2)).map(value -> value.replaceAll("\\\\(.)", "$1"));
            parameters.put(
                    matcher.group(1).toLowerCase(Locale.ROOT),
                    quoted.or(() -> Optional.ofNullable(matcher.group(3))).orElse(""));
            matcher.region(matcher.end(), text.length());
        }
        return new Challenge(text.substring(0, space).toLowerCase(Locale.ROOT), parameters);
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }
}
