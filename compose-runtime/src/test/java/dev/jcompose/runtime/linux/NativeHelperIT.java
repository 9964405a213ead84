package dev.jcompose.runtime.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The helper's own tests, written in C and driven by frames: they look at what no Java code can see. */
@Timeout(300)
class NativeHelperIT {
    private static final Path SOURCES = Path.of("src", "main", "native");

    @Test
    void its_parsers_and_logs_hold_under_the_sanitizers() throws Exception {
        succeeds("make", "-s", "test");
    }

    @Test
    void no_path_through_it_is_one_that_gcc_objects_to() throws Exception {
        succeeds("make", "-s", "analyze");
    }

    @Test
    void bytes_nobody_would_send_do_no_harm() throws Exception {
        succeeds("make", "-s", "fuzz", "FUZZ_SECONDS=4");
    }

    @Test
    void whichever_process_is_killed_at_whatever_step_nothing_is_lost() throws Exception {
        assumePython();
        succeeds("make", "-s", "faults", "FAULTS_SHARE=1/5");
    }

    @Test
    void containers_and_networks_live_and_die_as_they_should() throws Exception {
        assumePython();
        succeeds("make", "-s", "lab");
    }

    private static void assumePython() throws Exception {
        Busybox.assumeUsable();
        boolean python = run("python3", "--version").exit() == 0;
        Assumptions.assumeTrue(python || "true".equals(System.getenv("CI")), "needs python3");
    }

    private record Run(int exit, String output) {}

    private static void succeeds(String... command) throws Exception {
        var run = run(command);
        assertThat(run.exit()).as(run.output()).isZero();
    }

    private static Run run(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .directory(SOURCES.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Run(process.waitFor(), output);
        } catch (IOException e) {
            return new Run(127, e.toString());
        }
    }
}
