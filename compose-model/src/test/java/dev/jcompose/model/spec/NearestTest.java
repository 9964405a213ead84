package dev.jcompose.model.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> WORDS = List.of("up", "down", "restart", "start", "--remove-orphans");

    @ParameterizedTest
    @CsvSource({
        "pu, up",
        "donw, down",
        "strat, start",
        "restrat, restart",
        "--remove-orphan, --remove-orphans",
        "xyz, ''"
    })
    void the_word_with_the_fewest_edits_is_meant_if_any(String typed, String meant) {
        assertThat(Nearest.hint(typed, WORDS)).isEqualTo(meant.isEmpty() ? "" : " (did you mean \"" + meant + "\"?)");
    }
}
