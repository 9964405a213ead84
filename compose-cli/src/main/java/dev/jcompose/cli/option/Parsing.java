package dev.jcompose.cli.option;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What the texts after flags mean. */
public final class Parsing {
    private Parsing() {}

    /** {@code -t 10}. */
    public static Optional<Duration> seconds(OptionalInt value) {
        return value.isPresent() ? Optional.of(Duration.ofSeconds(value.getAsInt())) : Optional.empty();
    }

    /** {@code --scale web=3}. */
    public static Map<String, Integer> scale(List<String> values) {
        return scale("--scale", values);
    }

    /** The same for {@code flag}. */
    public static Map<String, Integer> scale(String flag, List<String> values) {
        var scale = new LinkedHashMap<String, Integer>();
        for (var value : values) {
            int equals = value.indexOf('=');
            var number = value.substring(equals + 1);
            if (equals < 1 || !isNumber(number)) {
                throw new UsageException(flag + " wants SERVICE=NUMBER, not \"" + value + "\"");
            }
            scale.put(value.substring(0, equals), Integer.parseInt(number));
        }
        return scale;
    }

    /** {@code --tail 20}, {@code --tail all}. */
    public static OptionalLong tail(String value) {
        if (value.equals("all") || value.startsWith("-")) {
            return OptionalLong.empty();
        }
        if (!isNumber(value)) {
            throw new UsageException("--tail wants a number or all, not \"" + value + "\"");
        }
        return OptionalLong.of(Long.parseLong(value));
    }

    /** A moment for {@code flag}: {@code 2026-01-02T13:23:37Z}, {@code 1767360217}, or how long ago, such as {@code 42m}. */
    public static Instant moment(String flag, String value, Instant now) {
        if (isNumber(value)) {
            return Instant.ofEpochSecond(Long.parseLong(value));
        }
        if (value.matches("(\\d+[hms])+")) {
            return now.minus(Duration.parse("PT" + value));
        }
        try {
            return value.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
                    ? OffsetDateTime.parse(value).toInstant()
                    : LocalDateTime.parse(value.contains("T") ? value : value + "T00:00")
                            .atZone(ZoneId.systemDefault())
                            .toInstant();
        } catch (DateTimeParseException e) {
            throw new UsageException("%s wants a time like 2026-01-02T13:23:37Z or a duration like 42m, not \"%s\""
                    .formatted(flag, value));
        }
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,10}") && Long.parseLong(text) <= Integer.MAX_VALUE;
    }
}
