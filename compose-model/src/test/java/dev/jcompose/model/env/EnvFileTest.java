package dev.jcompose.model.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.interpolate.Variables;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EnvFileTest {
    private static final Variables OUTER = name -> name.equals("OUTER") ? Optional.of("o") : Optional.empty();

    private static Map<String, String> parse(String text) throws EnvFileException {
        return EnvFile.parse(text, OUTER);
    }

    @Test
    void names_and_values_come_in_several_notations() throws EnvFileException {
        assertThat(parse("A=1\nexport B = 2 \nC: 3\r\n  D=\n# no\n"))
                .containsExactly(Map.entry("A", "1"), Map.entry("B", "2"), Map.entry("C", "3"), Map.entry("D", ""));
    }

    @Test
    void a_comment_starts_behind_a_blank_only() throws EnvFileException {
        assertThat(parse("A=a#b\nB=a # b\nC=\"x\" # y\n")).isEqualTo(Map.of("A", "a#b", "B", "a", "C", "x"));
    }

    @Test
    void quotes_decide_about_escapes_variables_and_lines() throws EnvFileException {
        assertThat(parse("A='$X \\n\n2'\nB=\"a\\tb ${OUTER} \\$Y\n2\"\nC=\"\\0101\"\n"))
                .isEqualTo(Map.of("A", "$X \\n\n2", "B", "a\tb o $Y\n2", "C", "A"));
    }

    @Test
    void variables_see_the_outside_first_and_then_earlier_lines() throws EnvFileException {
        assertThat(parse("OUTER=mine\nA=$OUTER\nB=${A}!\nC=${NO:-d}"))
                .containsEntry("A", "o")
                .containsEntry("B", "o!")
                .containsEntry("C", "d");
    }

    @Test
    void a_name_alone_takes_the_outer_value_or_stays_away() throws EnvFileException {
        assertThat(parse("OUTER\nNO\nA=1")).isEqualTo(Map.of("OUTER", "o", "A", "1"));
    }

    @Test
    void what_is_wrong_is_reported_with_its_line() {
        assertThatThrownBy(() -> parse("A=1\nB C=2")).isInstanceOfSatisfying(EnvFileException.class, e -> {
            assertThat(e.line()).isEqualTo(2);
            assertThat(e.reason()).contains("blank");
        });
        assertThatThrownBy(() -> parse("A=\"x")).hasMessageContaining("unterminated");
        assertThatThrownBy(() -> parse("A!=1")).hasMessageContaining("unexpected character");
    }

    @Test
    void a_raw_file_is_taken_as_it_is() throws EnvFileException {
        assertThat(RawEnvFile.parse("A='x' # $Y\nB= 1\nOUTER\nNO\n", OUTER))
                .isEqualTo(Map.of("A", "'x' # $Y", "B", " 1", "OUTER", "o"));
    }
}
