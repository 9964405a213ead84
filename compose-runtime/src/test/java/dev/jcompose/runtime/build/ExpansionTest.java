package dev.jcompose.runtime.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpansionTest {
    private static final Map<String, String> VARIABLES =
            Map.of("A", "one", "EMPTY", "", "PATHS", "foo/bar/baz", "B_2", "two");

    private final Expansion expansion =
            new Expansion(new Place("Dockerfile", 7), '\\', name -> Optional.ofNullable(VARIABLES.get(name)));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "$A | one",
                "x${A}y$B_2 | xoney" + "two",
                "${A}_x | one_x",
                "$NONE. | .",
                "${NONE:-def} | def",
                "${NONE-def} | def",
                "${EMPTY:-def} | def",
                "${EMPTY-def} | ``",
                "${A:+set} | set",
                "${EMPTY:+set} | ``",
                "${EMPTY+set} | set",
                "${NONE:-${A}} | one",
                "${NONE:-${ALSO:-deep}} | deep",
                "${PATHS#foo/} | bar/baz",
                "${PATHS#*/} | bar/baz",
                "${PATHS##*/} | baz",
                "${PATHS%/*} | foo/bar",
                "${PATHS%%/*} | foo",
                "${PATHS/bar/x} | foo/x/baz",
                "${PATHS//ba/x} | foo/xr/xz",
                "'$A' | $A",
                "\"$A b\" | one b",
                "\"a\\\"b\" | a\"b",
                "\"a\\nb\" | a\\nb",
                "\\$A | $A",
                "a\\ b | a b",
                "a\"b c\"'d e' | ab cd e",
                "$ | $",
                "5$ | 5$",
            })
    void variables_and_quotes_are_replaced(String text, String expected) {
        assertThat(expansion.word(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"${A", "${}", "'open", "\"open", "${A!x}"})
    void what_cannot_be_read_is_an_error_with_the_line(String text) {
        assertThatThrownBy(() -> expansion.word(text))
                .isInstanceOf(BuildException.class)
                .hasMessageStartingWith("Dockerfile:7: ");
    }

    @ParameterizedTest
    @CsvSource({"${NONE:?give it}, Dockerfile:7: NONE: give it", "${EMPTY:?no}, Dockerfile:7: EMPTY: no"})
    void a_required_variable_says_its_message(String text, String message) {
        assertThatThrownBy(() -> expansion.word(text)).hasMessage(message);
    }
}
