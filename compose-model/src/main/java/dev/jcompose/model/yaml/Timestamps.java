package dev.jcompose.model.yaml;

import dev.jcompose.model.yaml.Scalar.Kind;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Dates and times, which Compose turns into text of its own form: {@code 2024-01-01 00:00:00 +0000 UTC}. */
final class Timestamps {
    private Timestamps() {}

    static Optional<ScalarResolver.Meaning> resolve(String raw) {
        if (!looksLikeDate(raw)) {
            return Optional.empty();
        }
        try {
            var time = raw.length() == 10
                    ? LocalDate.parse(raw).atStartOfDay().atOffset(ZoneOffset.UTC)
                    : OffsetDateTime.parse(raw.replace('t', 'T'));
            var format = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xx", Locale.ROOT);
            var zone =
                    time.getOffset().equals(ZoneOffset.UTC) ? " UTC" : time.format(DateTimeFormatter.ofPattern(" xx"));
            return Optional.of(new ScalarResolver.Meaning(Kind.TEXT, time.format(format) + zone));
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }

    private static boolean looksLikeDate(String raw) {
        return raw.length() >= 10
                && raw.charAt(4) == '-'
                && raw.charAt(7) == '-'
                && (raw.length() == 10 || raw.charAt(10) == 'T' || raw.charAt(10) == 't');
    }
}
