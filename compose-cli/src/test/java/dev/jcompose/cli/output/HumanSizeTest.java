package dev.jcompose.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0B",
        "999, 999B",
        "1000, 1kB",
        "5700, 5.7kB",
        "1240000, 1.24MB",
        "77800000, 77.8MB",
        "1000000000, 1GB",
        "100, 100B"
    })
    void sizes_read_as_dockers(long bytes, String text) {
        assertThat(HumanSize.of(bytes)).isEqualTo(text);
    }
}
