package dev.jcompose.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonLayoutTest {
    @Test
    void a_document_is_spread_over_lines_and_keeps_its_texts() {
        assertThat(JsonLayout.indented("[{\"a\":\"x,{:\\\"\\\\\",\"b\":[],\"c\":{},\"d\":[1,2]}]"))
                .isEqualTo("""
                [
                    {
                        "a": "x,{:\\"\\\\",
                        "b": [],
                        "c": {},
                        "d": [
                            1,
                            2
                        ]
                    }
                ]""");
    }
}
