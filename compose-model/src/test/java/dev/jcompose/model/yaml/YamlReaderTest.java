package dev.jcompose.model.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.problem.InvalidProjectException;
import dev.jcompose.model.problem.Position;
import dev.jcompose.model.problem.Problems;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class YamlReaderTest {
    private final Problems problems = new Problems();

    private Mapping read(String text) {
        return (Mapping) new YamlReader(problems).read("f.yaml", text).getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "yes, TEXT, yes", "12:30, TEXT, 12:30", "true, FLAG, true", "True, FLAG, true", "017, WHOLE, 15",
                "0o17, WHOLE, 15",
        "0x1F, WHOLE, 31", "1_000, WHOLE, 1000", "08, DECIMAL, 8", "1.10, DECIMAL, 1.1", "1e3, DECIMAL, 1000",
                "~, NULL, ''",
        "1.2.3, TEXT, 1.2.3", "-, TEXT, -", "'\"1\"', TEXT, 1", "2024-01-01, TEXT, 2024-01-01 00:00:00 +0000 UTC"
    })
    void plain_values_mean_what_compose_takes_them_for(String written, Scalar.Kind kind, String text) {
        var value = written.equals("-") ? "\"-\"" : written;
        assertThat(read("k: " + value).get("k"))
                .hasValueSatisfying(node -> assertThat(node).isInstanceOfSatisfying(Scalar.class, scalar -> {
                    assertThat(scalar.kind()).isEqualTo(kind);
                    assertThat(scalar.text()).isEqualTo(text);
                }));
    }

    @Test
    void every_key_and_value_knows_its_place() {
        var entry =
                read("a: 1\nb:\n  c: x\n").mapping("b").orElseThrow().entries().get("c");
        assertThat(entry).isNotNull().satisfies(c -> {
            assertThat(c.keyAt()).isEqualTo(new Position("f.yaml", 3, 3));
            assertThat(c.value().at()).isEqualTo(new Position("f.yaml", 3, 6));
        });
    }

    @Test
    void own_keys_beat_merged_ones_and_earlier_merges_beat_later_ones() {
        var merged = read("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], a: 0}\n")
                .mapping("z")
                .orElseThrow();
        assertThat(merged.text("a")).hasValue("0");
        assertThat(merged.text("b")).hasValue("1");
        assertThat(merged.text("c")).hasValue("2");
    }

    @Test
    void reset_and_override_mark_their_entries() {
        var read = read("a: !reset null\nb: !override [x]\nc: [!reset x, y]\n");
        assertThat(read.entries())
                .hasEntrySatisfying("a", a -> assertThat(a.mark()).isEqualTo(Mapping.Mark.RESET));
        assertThat(read.entries())
                .hasEntrySatisfying("b", b -> assertThat(b.mark()).isEqualTo(Mapping.Mark.OVERRIDE));
        assertThat(read.sequence("c").orElseThrow().items()).hasSize(1);
    }

    @Test
    void a_key_set_twice_is_a_problem_at_the_second_one() {
        read("a:\n  b: 1\n  b: 2\n");
        assertThatThrownBy(problems::throwIfAny)
                .hasMessageStartingWith("f.yaml:3:3: a: the key \"b\" is already set in line 2");
    }

    @Test
    void a_tab_is_named_as_such() {
        assertThatThrownBy(() -> read("a:\n\tb: 1\n"))
                .hasMessageContaining("f.yaml:2:1")
                .hasMessageContaining("tab");
    }

    @Test
    void invalid_utf8_is_reported_with_its_line() {
        var bytes = "a: 1\nb: é\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> new YamlReader(problems).read("f.yaml", bytes))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageStartingWith("f.yaml:2:1: not valid UTF-8");
    }

    @Test
    void an_anchor_that_contains_itself_is_refused() {
        assertThatThrownBy(() -> read("a: &a {b: *a}\n")).hasMessageContaining("contains itself");
    }
}
