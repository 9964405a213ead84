package dev.jcompose.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service of a profile that is not enabled, named on the command line, is a service like any other. */
class NamedServicesTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"up", "create", "build"})
    void its_env_files_are_read(String command) throws Exception {
        Files.writeString(directory.resolve("compose.yaml"), """
                name: shop
                services:
                  web: {image: web}
                  tool: {image: tool, build: ., profiles: [tools], env_file: nosuch.env}
                """);

        assertThat(run(command, "--dry-run", "tool").err()).contains("nosuch.env");
        assertThat(run(command, "--dry-run", "web").code()).isZero();
    }

    @Test
    void it_joins_the_default_network() throws Exception {
        Files.writeString(
                directory.resolve("compose.yaml"), "name: shop\nservices:\n  tool: {image: tool, profiles: [tools]}\n");

        var run = run("up", "--dry-run", "tool");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("Network shop_default", "Container shop-tool-1");
    }

    private Invocation run(String... words) {
        return Invocation.on(new ObservedBackend(List.of()), directory, words);
    }
}
