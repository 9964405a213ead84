package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command that is killed leaves nothing that {@code down} does not remove. */
@Timeout(180)
class CrashScenario {
    private static final String TEN = """
            x-box: &box {build: ., image: box, command: [sleep, "1000"], init: true, networks: [front, back], volumes: ["data:/data"]}
            services: {a: *box, b: *box, c: *box, d: *box, e: *box, f: *box, g: *box, h: *box, i: *box, j: *box}
            networks: {front: , back: }
            volumes: {data: }
            """;

    @ParameterizedTest
    @ValueSource(ints = {300, 450, 600, 750, 900, 1050, 1200})
    void kill_9_in_the_middle_of_up_leaves_a_state_that_down_cleans(int milliseconds) throws Exception {
        try (Stack stack = Stack.of(TEN)) {
            stack.run("build").succeeds();
            Process up = stack.jcompose().start("up", "-d").process();
            if (!up.waitFor(milliseconds, TimeUnit.MILLISECONDS)) {
                up.destroyForcibly().waitFor();
            }

            stack.run("down", "-v", "-t", "1").succeeds();

            assertThat(KernelState.leftSince(stack.before())).isEmpty();
            assertThat(stack.run("ps", "-a", "-q").succeeds().out()).isBlank();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 800, 1100})
    void an_interrupted_up_can_simply_be_run_again(int milliseconds) throws Exception {
        try (Stack stack = Stack.of(TEN)) {
            stack.run("build").succeeds();
            Process up = stack.jcompose().start("up", "-d").process();
            if (!up.waitFor(milliseconds, TimeUnit.MILLISECONDS)) {
                up.destroy();
                up.waitFor();
            }
            assertThat(up.exitValue()).isIn(0, 130, 143); // done before the signal, interrupted, or not yet listening

            stack.run("up", "-d").succeeds();

            assertThat(stack.run("ps", "-q").succeeds().out().lines()).hasSize(10);
        }
    }
}
