package dev.jcompose.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.cli.output.Console.Terminals;
import dev.jcompose.cli.output.LogPrinter.Style;
import dev.jcompose.runtime.LogReader.LogLine;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogPrinterStreamsTest {
    private final ByteArrayOutputStream both = new ByteArrayOutputStream();

    @Test
    void lines_of_both_streams_keep_their_order_where_they_meet() {
        var printer = printer(both, both);

        printer.print("web-1", out("one"));
        printer.print("web-1", err("two"));
        printer.print("db-1", out("three"));
        printer.print("web-1", err("four".repeat(200)));
        printer.print("web-1", out("five"));
        printer.flush();

        assertThat(both.toString(UTF_8))
                .isEqualTo("web-1  | one\nweb-1  | two\ndb-1   | three\nweb-1  | " + "four".repeat(200)
                        + "\nweb-1  | five\n");
    }

    @Test
    void a_line_in_parts_is_ended_on_the_stream_it_is_on() {
        var errors = new ByteArrayOutputStream();
        var printer = printer(both, errors);

        printer.print("web-1", part("half", true));
        printer.print("web-1", out("whole"));
        printer.print("web-1", part("rest", true));
        printer.print("db-1", err("other"));
        printer.flush();

        assertThat(both.toString(UTF_8)).isEqualTo("web-1  | whole\n");
        assertThat(errors.toString(UTF_8)).isEqualTo("web-1  | half\nweb-1  | rest\ndb-1   | other\n");
    }

    @Test
    void parts_that_follow_each_other_make_one_line() {
        var printer = printer(both, both);

        printer.print("web-1", part("a", false));
        printer.print("web-1", out("b"));
        printer.flush();

        assertThat(both.toString(UTF_8)).isEqualTo("web-1  | ab\n");
    }

    @Test
    void a_reader_that_has_gone_is_noticed_once() {
        var printer = printer(closed(), both);
        printer.print("web-1", out("one"));

        assertThatThrownBy(printer::flush).isInstanceOf(OutputClosedException.class);

        printer.print("web-1", out("two"));
        assertThatCode(printer::flush).doesNotThrowAnyException();
    }

    @Test
    void a_reader_that_has_gone_is_noticed_even_when_lines_never_pause() {
        var printer = printer(closed(), both);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000_000; i++) {
                        printer.print("web-1", out("line"));
                    }
                })
                .isInstanceOf(OutputClosedException.class);
    }

    private static LogPrinter printer(OutputStream out, OutputStream err) {
        var console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(new BufferedOutputStream(out, 1 << 16), false, UTF_8),
                new PrintStream(new BufferedOutputStream(err, 512), false, UTF_8),
                Terminals.NONE,
                Map.of(),
                Path.of("/nonexistent"));
        var printer = new LogPrinter(console, new Style(false, true, false));
        printer.register(List.of("web-1", "db-1"));
        return printer;
    }

    private static OutputStream closed() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
    }

    private static LogLine out(String text) {
        return new LogLine(Instant.EPOCH, false, true, text);
    }

    private static LogLine err(String text) {
        return new LogLine(Instant.EPOCH, true, true, text);
    }

    private static LogLine part(String text, boolean stderr) {
        return new LogLine(Instant.EPOCH, stderr, false, text);
    }
}
