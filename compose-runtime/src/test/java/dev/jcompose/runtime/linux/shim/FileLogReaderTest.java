package dev.jcompose.runtime.linux.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.runtime.LogReader.LogLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FileLogReaderTest {
    private static final Instant START = Instant.parse("2026-02-28T23:59:58.000000001Z");

    @TempDir
    Path directory;

    @Test
    void lines_come_with_time_stream_and_text() throws Exception {
        Files.writeString(directory.resolve("0.log"), """
                2026-02-28T23:59:58.000000001Z o F first
                2024-02-29T00:00:00.500000000Z e P par
                1999-12-31T23:59:59.999999999Z e F
                """.replace("59.999999999Z e F\n", "59.999999999Z e F \n"));
        try (var reader = new FileLogReader(directory)) {
            assertThat(all(reader))
                    .containsExactly(
                            new LogLine(START, false, true, "first"),
                            new LogLine(Instant.parse("2024-02-29T00:00:00.5Z"), true, false, "par"),
                            new LogLine(Instant.parse("1999-12-31T23:59:59.999999999Z"), true, true, ""));
        }
    }

    @Test
    void files_are_read_from_the_oldest_to_the_newest() throws Exception {
        write(2, 0, 3);
        write(1, 3, 3);
        write(0, 6, 3);
        try (var reader = new FileLogReader(directory)) {
            assertThat(texts(reader)).containsExactlyElementsOf(numbers(0, 9));
        }
    }

    @Test
    void any_number_of_last_lines_can_be_asked_for_across_files() throws Exception {
        write(1, 0, 3000);
        write(0, 3000, 2500);
        for (int wanted : new int[] {0, 1, 2, 2499, 2500, 2501, 5499, 5500, 5501, 100_000}) {
            try (var reader = new FileLogReader(directory)) {
                reader.seek(OptionalLong.of(wanted), Optional.empty());
                assertThat(texts(reader))
                        .as("last %d", wanted)
                        .containsExactlyElementsOf(numbers(Math.max(0, 5500 - wanted), Math.min(wanted, 5500)));
            }
        }
    }

    @Test
    void a_line_in_parts_counts_once() throws Exception {
        Files.writeString(
                directory.resolve("0.log"),
                line(0, 'F', "a") + line(1, 'P', "b") + line(2, 'P', "c") + line(3, 'F', "d"));
        try (var reader = new FileLogReader(directory)) {
            reader.seek(OptionalLong.of(1), Optional.empty());
            assertThat(texts(reader)).containsExactly("b", "c", "d");
        }
    }

    @Test
    void older_lines_are_left_out() throws Exception {
        write(0, 0, 10);
        try (var reader = new FileLogReader(directory)) {
            reader.seek(OptionalLong.empty(), Optional.of(START.plusSeconds(7)));
            assertThat(texts(reader)).containsExactly("line 7", "line 8", "line 9");
        }
    }

    @Test
    void what_is_added_later_follows_even_when_files_are_rotated() throws Exception {
        try (var reader = new FileLogReader(directory)) {
            assertThat(texts(reader)).isEmpty();
            write(0, 0, 2);
            assertThat(texts(reader)).containsExactly("line 0", "line 1");
            append(line(2, 'F', "line 2"));
            rotate();
            write(0, 3, 1);
            assertThat(texts(reader)).containsExactly("line 2", "line 3");
            rotate();
            write(0, 4, 1);
            rotate();
            write(0, 5, 1);
            assertThat(texts(reader)).containsExactly("line 4", "line 5");
        }
    }

    @Test
    void half_a_line_waits_for_its_other_half() throws Exception {
        var whole = line(0, 'F', "x".repeat(600_000));
        Files.writeString(directory.resolve("0.log"), whole.substring(0, 300_000));
        try (var reader = new FileLogReader(directory)) {
            assertThat(texts(reader)).isEmpty();
            append(whole.substring(300_000));
            assertThat(texts(reader)).containsExactly("x".repeat(600_000));
        }
    }

    @RepeatedTest(50)
    void reading_waits_for_the_first_line() throws Exception {
        var writer = Thread.ofVirtual().unstarted(() -> write(0, 0, 1));
        try (var reader = new FileLogReader(directory)) {
            writer.start();
            List<LogLine> lines = new ArrayList<>();
            assertThat(reader.read(Duration.ofSeconds(20), lines::add)).isEqualTo(1);
            assertThat(reader.read(Duration.ofMillis(2), lines::add)).isZero();
        }
        writer.join();
    }

    @Test
    void a_reader_whose_wait_was_interrupted_goes_on_reading() throws Exception {
        write(0, 0, 3);
        try (var reader = new FileLogReader(directory)) {
            Thread.currentThread().interrupt();
            reader.seek(OptionalLong.of(2), Optional.empty());
            List<LogLine> lines = new ArrayList<>();
            assertThat(reader.read(Duration.ZERO, lines::add)).isEqualTo(2);
            assertThatThrownBy(() -> reader.read(Duration.ofSeconds(10), lines::add))
                    .isInstanceOf(InterruptedException.class);
            append(line(3, 'F', "line 3"));
            assertThat(texts(reader)).containsExactly("line 3");
        }
    }

    private static List<LogLine> all(FileLogReader reader) throws InterruptedException {
        List<LogLine> lines = new ArrayList<>();
        while (reader.read(Duration.ZERO, lines::add) > 0) {
            // until nothing more is there
        }
        return lines;
    }

    private static List<String> texts(FileLogReader reader) throws InterruptedException {
        return all(reader).stream().map(LogLine::text).toList();
    }

    private static List<String> numbers(int first, int count) {
        List<String> lines = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            lines.add("line " + i);
        }
        return lines;
    }

    private void write(int file, int first, int count) {
        var text = new StringBuilder();
        for (int i = first; i < first + count; i++) {
            text.append(line(i, 'F', "line " + i));
        }
        try {
            Files.writeString(directory.resolve(file + ".log"), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void append(String text) throws IOException {
        Files.writeString(directory.resolve("0.log"), text, StandardOpenOption.APPEND);
    }

    private void rotate() throws IOException {
        for (int i = 5; i >= 0; i--) {
            if (Files.exists(directory.resolve(i + ".log"))) {
                Files.move(directory.resolve(i + ".log"), directory.resolve((i + 1) + ".log"));
            }
        }
    }

    private static String line(int second, char mark, String text) {
        return START.plusSeconds(second) + " o " + mark + " " + text + "\n";
    }
}
