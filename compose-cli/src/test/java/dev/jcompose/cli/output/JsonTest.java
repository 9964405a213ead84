package dev.jcompose.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void values_of_every_kind_are_written_on_one_line() {
        assertThat(Json.object("a", List.of(1, true, "x"))).isEqualTo("{\"a\":[1,true,\"x\"]}");
    }

    @Test
    void what_would_end_a_string_is_escaped() {
        assertThat(Json.of("a\"b\\c\nd\te\u0001f é")).isEqualTo("\"a\\\"b\\\\c\\nd\\te\\u0001f é\"");
    }
}
