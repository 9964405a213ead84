package dev.jcompose.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanTimeTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
                    PT0.9S,   Less than a second
                    PT1S,     1 second
                    PT59S,    59 seconds
                    PT1M,     About a minute
                    PT1M59S,  About a minute
                    PT45M,    45 minutes
                    PT1H,     About an hour
                    PT47H,    47 hours
                    P2D,      2 days
                    P13D,     13 days
                    P21D,     3 weeks
                    P90D,     3 months
                    P800D,    2 years
                    """)
    void durations_read_as_dockers(Duration duration, String text) {
        assertThat(HumanTime.of(duration)).isEqualTo(text);
    }
}
