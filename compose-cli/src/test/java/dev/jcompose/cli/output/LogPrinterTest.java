package dev.jcompose.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.cli.output.LogPrinter.Style;
import dev.jcompose.runtime.LogReader.LogLine;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogPrinterTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    private final Screen screen = new Screen();

    @Test
    void prefixes_are_aligned_and_streams_stay_apart() {
        var printer = printer(new Style(false, true, false));
        printer.register(List.of("web-1", "database-1"));

        printer.print("web-1", new LogLine(AT, false, true, "hello"));
        printer.print("database-1", new LogLine(AT, true, true, "oops"));

        assertThat(screen.out()).isEqualTo("web-1       | hello\n");
        assertThat(screen.err()).isEqualTo("database-1  | oops\n");
    }

    @Test
    void each_container_keeps_a_colour_of_its_own() {
        var printer = printer(new Style(true, true, false));
        printer.register(List.of("b-1", "a-1"));

        printer.print("b-1", new LogLine(AT, false, true, "x"));
        printer.print("a-1", new LogLine(AT, false, true, "y"));

        assertThat(screen.out()).isEqualTo("\u001b[33mb-1  | \u001b[0mx\n\u001b[36ma-1  | \u001b[0my\n");
    }

    @Test
    void parts_of_a_line_are_joined_but_never_with_another_containers() {
        var printer = printer(new Style(false, true, false));
        printer.register(List.of("a-1", "b-1"));

        printer.print("a-1", new LogLine(AT, false, false, "half "));
        printer.print("a-1", new LogLine(AT, false, true, "whole"));
        printer.print("a-1", new LogLine(AT, false, false, "prompt> "));
        printer.print("b-1", new LogLine(AT, false, true, "other"));

        assertThat(screen.out()).isEqualTo("a-1  | half whole\na-1  | prompt> \nb-1  | other\n");
    }

    @Test
    void timestamps_have_nanoseconds_and_come_after_the_prefix() {
        var printer = printer(new Style(false, true, true));
        printer.register(List.of("a-1"));

        printer.print("a-1", new LogLine(AT, false, true, "x"));

        assertThat(screen.out()).isEqualTo("a-1  | 2026-01-02T03:04:05.678000000Z x\n");
    }

    @Test
    void without_prefix_lines_are_what_the_container_wrote() {
        var printer = printer(new Style(false, false, false));

        printer.print("a-1", new LogLine(AT, false, true, "x"));
        printer.event("a-1", "exited with code 3");

        assertThat(screen.out()).isEqualTo("x\na-1 exited with code 3\n");
    }

    private LogPrinter printer(Style style) {
        return new LogPrinter(screen.console(), style);
    }
}
