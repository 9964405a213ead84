package dev.jcompose.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParsingTest {
    private static final Instant NOW = Instant.parse("2026-01-02T13:00:00Z");

    @Test
    void moments_are_times_seconds_or_how_long_ago() {
        assertThat(Parsing.moment("--since", "2026-01-02T12:00:00Z", NOW)).isEqualTo("2026-01-02T12:00:00Z");
        assertThat(Parsing.moment("--since", "2026-01-02T12:00:00+01:00", NOW)).isEqualTo("2026-01-02T11:00:00Z");
        assertThat(Parsing.moment("--since", "1767360217", NOW)).isEqualTo(Instant.ofEpochSecond(1767360217));
        assertThat(Parsing.moment("--since", "1h30m", NOW)).isEqualTo(NOW.minus(Duration.ofMinutes(90)));
        assertThatThrownBy(() -> Parsing.moment("--since", "soon", NOW))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--since wants a time");
    }

    @Test
    void scale_is_a_number_per_service() {
        assertThat(Parsing.scale(List.of("web=3", "db=0")))
                .containsEntry("web", 3)
                .containsEntry("db", 0);
        assertThatThrownBy(() -> Parsing.scale(List.of("web=many")))
                .hasMessage("--scale wants SERVICE=NUMBER, not \"web=many\"");
        assertThatThrownBy(() -> Parsing.scale(List.of("web"))).isInstanceOf(UsageException.class);
    }

    @Test
    void tail_is_a_number_or_all() {
        assertThat(Parsing.tail("all")).isEmpty();
        assertThat(Parsing.tail("20")).hasValue(20);
        assertThatThrownBy(() -> Parsing.tail("few")).hasMessage("--tail wants a number or all, not \"few\"");
    }
}
