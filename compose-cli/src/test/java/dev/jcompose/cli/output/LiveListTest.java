package dev.jcompose.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.cli.output.Progress.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveListTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int WIDE = 200;

    private final LiveList list = new LiveList("up", false);

    @Test
    void each_line_has_mark_subject_state_and_time() {
        var drawn = list.drawn(
                List.of(
                        line("Container a", "Started", State.DONE),
                        line("Network long", "Creating", State.WORKING),
                        line("Container b", "Error", State.FAILED)),
                24,
                WIDE,
                3 * SECOND);

        assertThat(drawn).isEqualTo("""
                [+] up 2/3
                 ✔ Container a   Started      1.0s
                 ⠋ Network long  Creating     3.0s
                 ✘ Container b   Error        1.0s
                """);
    }

    @Test
    void no_line_is_as_wide_as_the_terminal() {
        var drawn = list.drawn(List.of(line("Container with-a-long-name", "Started", State.DONE)), 24, 20, SECOND);

        assertThat(drawn.lines()).allMatch(line -> line.length() < 20).anyMatch(line -> line.endsWith("…"));
    }

    @Test
    void finished_lines_give_way_when_the_terminal_is_low() {
        var drawn = list.drawn(
                List.of(
                        line("a", "Started", State.DONE),
                        line("b", "Creating", State.WORKING),
                        line("c", "Started", State.DONE),
                        line("d", "Starting", State.WORKING)),
                3,
                WIDE,
                SECOND);

        assertThat(drawn.lines()).hasSize(3);
        assertThat(drawn).contains(" b ", " d ").doesNotContain(" a ", " c ");
    }

    @Test
    void erasing_counts_the_rows_lines_take_after_the_terminal_became_narrower() {
        assertThat(list.erased(80)).isEmpty();

        list.drawn(List.of(line("x".repeat(50), "Started", State.DONE)), 24, 80, SECOND);

        assertThat(list.erased(40)).isEqualTo("\u001b[3A\r\u001b[J");
    }

    private static LiveLine line(String subject, String text, State state) {
        return new LiveLine(subject, text, "", state, 0, SECOND);
    }
}
