package dev.jcompose.model.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.problem.ComposeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files made to hurt end in one message, in bounded time and memory. */
final class HostileInputTest {
    @TempDir
    Path directory = Path.of("");

    private Scratch compose(String text) throws IOException {
        return new Scratch(directory).file("compose.yaml", text).variable("B", "b");
    }

    @Test
    void an_alias_bomb_is_refused_before_it_expands() throws IOException {
        var bomb = new StringBuilder("x-0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("x-%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "x"));
        }
        assertThatThrownBy(compose(bomb + "services: {a: {image: i}}\n")::load)
                .isInstanceOf(ComposeException.class)
                .hasMessageContaining("aliases expand this file");
    }

    @Test
    void nesting_without_end_is_refused() throws IOException {
        assertThatThrownBy(compose("x-a: " + "[".repeat(100_000))::load).hasMessageContaining("nested deeper");
    }

    @Test
    void ten_megabytes_are_read_in_seconds() throws IOException {
        var scratch = compose("x-a: \"" + "a".repeat(10_000_000) + "\"\nservices: {a: {image: i}}\n");
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThat(scratch.load().services()).containsKey("a"));
    }

    @Test
    void a_thousand_keys_nobody_knows_are_cut_short() throws IOException {
        var text = new StringBuilder("services:\n  a:\n    image: i\n");
        for (int i = 0; i < 1000; i++) {
            text.append("    k").append(i).append(": v\n");
        }
        assertThatThrownBy(compose(text.toString())::load).hasMessageContaining("more problems from here on");
    }

    @Test
    void ten_thousand_services_are_read_in_seconds() throws IOException {
        var text = new StringBuilder("services:\n");
        for (int i = 0; i < 10_000; i++) {
            text.append("  s%d: {image: i, depends_on: [s%d], ports: [\"%d:80\"]}\n"
                    .formatted(i, Math.max(0, i - 1), 1024 + i));
        }
        var scratch = compose(text.toString().replaceFirst(", depends_on: \\[s0]", ""));
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> assertThat(scratch.load().services()).hasSize(10_000));
    }

    @Test
    void what_yaml_forbids_is_named_with_its_place() throws IOException {
        refused("services:\n  a: {image: i}\n  a: {image: j}\n", "compose.yaml:3:3:");
        refused("services:\n\ta: {image: i}\n", "compose.yaml:2:1:");
        refused("services: {a: {image: *nobody}}\n", "compose.yaml:1:23:");
    }

    private void refused(String text, String place) throws IOException {
        assertThatThrownBy(compose(text)::load)
                .isInstanceOf(ComposeException.class)
                .hasMessageContaining(place);
    }

    @Test
    void a_byte_order_mark_and_carriage_returns_change_nothing() throws IOException {
        var project = compose("\uFEFFservices:\r\n  a:\r\n    image: i\r\n").load();
        assertThat(project.services().firstEntry().getValue().image()).contains("i");
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused() throws IOException {
        var scratch = compose("");
        Files.write(directory.resolve("compose.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff, (byte) 0xfe, '\n'});
        assertThatThrownBy(scratch::load).isInstanceOf(ComposeException.class).hasMessageContaining("UTF-8");
    }

    @Test
    void files_that_include_each_other_are_refused() throws IOException {
        var scratch = compose("include: [other.yaml]\n").file("other.yaml", "include: [compose.yaml]\n");
        assertThatThrownBy(scratch::load).isInstanceOf(ComposeException.class).hasMessageContaining("cycle");
    }

    @Test
    void directories_devices_and_pipes_are_not_read_for_ever() throws IOException, InterruptedException {
        Files.createDirectory(directory.resolve("directory"));
        var pipe = directory.resolve("pipe");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        for (var file : List.of("directory", "/dev/zero", "pipe", "/proc/self/mem")) {
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(30),
                    () -> assertThatThrownBy(compose("").files(file)::load)
                            .as(file)
                            .isInstanceOf(ComposeException.class)
                            .hasMessageContaining(file));
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(30),
                    () -> assertThatThrownBy(
                                    compose("services: {a: {image: i, env_file: [%s]}}\n".formatted(file))::load)
                            .as("env_file %s", file)
                            .isInstanceOf(ComposeException.class)
                            .hasMessageContaining(file));
        }
    }
}
