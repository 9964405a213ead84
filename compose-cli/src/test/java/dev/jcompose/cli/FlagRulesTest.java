package dev.jcompose.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flags that make no sense are refused before anything is read or started. */
class FlagRulesTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    up -d --abort-on-container-exit             | --detach and --abort-on-container-exit are incompatible
                    up -d --abort-on-container-failure          | --detach and --abort-on-container-failure are incompatible
                    up -d --exit-code-from web                  | --detach and --exit-code-from are incompatible
                    up -d --attach web                          | --detach and --attach are incompatible
                    up --wait --attach-dependencies             | --wait and --attach-dependencies are incompatible
                    up --attach web --attach-dependencies       | --attach and --attach-dependencies are incompatible
                    up --force-recreate --no-recreate           | --force-recreate and --no-recreate are incompatible
                    up --build --no-build                       | --build and --no-build are incompatible
                    up --always-recreate-deps --no-recreate     | --always-recreate-deps and --no-recreate are incompatible
                    up --wait-timeout 3                         | --wait-timeout needs --wait
                    up --scale web                              | --scale wants SERVICE=NUMBER, not "web"
                    up --pull sometimes                         | --pull is one of always, missing, never, build, not "sometimes"
                    create --force-recreate --no-recreate       | --force-recreate and --no-recreate are incompatible
                    --ansi blue up                              | --ansi is one of never, always, auto, not "blue"
                    --progress loud up                          | --progress is one of auto, tty, plain, json, quiet, not "loud"
                    logs --tail few                             | --tail wants a number or all, not "few"
                    ps --filter name=x                          | --filter knows status=STATE, not "name=x"
                    exec web                                    | exec wants a service and a command: jcompose exec SERVICE COMMAND [ARGUMENT...]
                    --dry-run exec web ls                       | exec has no --dry-run: it cannot be shown without being done
                    image rm --dry-run busybox                  | image rm has no --dry-run: it cannot be shown without being done
                    port web                                    | port wants a service and a port of it: jcompose port SERVICE PRIVATE_PORT
                    """)
    void contradictions_are_named(String line, String message) {
        var run = Invocation.in(directory, line.split(" ", -1));

        assertThat(run.err()).startsWith(message);
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void without_a_compose_file_the_command_says_so() {
        var run = Invocation.in(directory, "up", "-d");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("no configuration file provided").doesNotContain("Exception");
    }

    @Test
    void a_broken_file_is_reported_with_line_and_column() throws Exception {
        Files.writeString(directory.resolve("compose.yaml"), "services:\n  web:\n    imag: x\n");

        var run = Invocation.in(directory, "ps");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("compose.yaml:3:5")
                .contains("did you mean \"image\"")
                .doesNotContain("Exception");
    }
}
