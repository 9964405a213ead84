package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that are killed, interrupted or run side by side leave nothing that the next one does not put right. */
@Timeout(240)
class CrashScenario {
    private static final int KILLS = 4;
    private static final String TWO = """
            x-box: &box {build: ., image: box, init: true, networks: [front, back], volumes: ["data:/data"]}
            services:
              a: {<<: *box, command: [sh, -c, "echo up; sleep 1000"]}
              b: {<<: *box, command: [sleep, "1000"], depends_on: [a]}
            networks: {front: , back: }
            volumes: {data: }
            """;
    private static final String TEN = """
            x-box: &box {build: ., image: box, command: [sleep, "1000"], init: true, networks: [front, back], volumes: ["data:/data"]}
            services: {a: *box, b: *box, c: *box, d: *box, e: *box, f: *box, g: *box, h: *box, i: *box, j: *box}
            networks: {front: , back: }
            volumes: {data: }
            """;

    @ParameterizedTest
    @ValueSource(strings = {"up -d", "up -d --force-recreate", "down -t 1"})
    void kill_9_at_any_step_is_put_right_by_the_next_command(String line) throws Exception {
        String[] command = line.split(" ", -1);
        boolean fromNothing = line.equals("up -d");
        try (Stack stack = Stack.of(TWO)) {
            Faults faults = Faults.in(stack.directory());
            stack.run("up", "-d").succeeds();
            stack.run("exec", "-T", "a", "sh", "-c", "echo precious > /data/kept")
                    .succeeds();
            int steps = 0;
            for (int kill = 0; kill <= KILLS; kill++) {
                stack.run(fromNothing ? new String[] {"down", "-t", "1"} : new String[] {"up", "-d"})
                        .succeeds();
                faults.arm(kill == 0 ? 0 : Math.max(1, steps * (2 * kill - 1) / (2 * KILLS)));
                int exit = stack.jcompose()
                        .start(faults.environment(), command)
                        .finish()
                        .exitCode();
                assertThat(exit).isIn(kill == 0 ? List.of(0) : List.of(0, 137));
                steps = kill == 0 ? faults.steps() : steps;

                stack.run("up", "-d").succeeds();
                assertThat(stack.run("ps", "-q").succeeds().out().lines()).hasSize(2);
                assertThat(stack.run("exec", "-T", "b", "cat", "/data/kept").out())
                        .isEqualTo("precious\n");
                assertThat(stack.run("logs", "--no-log-prefix", "a").succeeds().out())
                        .startsWith("up\n");
            }
            assertThat(steps).isGreaterThan(10);
            stack.run("down", "-v", "-t", "1").succeeds();
            assertThat(KernelState.leftSince(stack.before())).isEmpty();
            assertThat(stack.run("ps", "-a", "-q").succeeds().out()).isBlank();
        }
    }

    @Test
    void commands_at_once_take_turns_and_say_for_whom_they_wait() throws Exception {
        try (Stack stack = Stack.of(TEN)) {
            stack.run("up", "-d", "--build").succeeds();
            List<Jcompose.Running> together = List.of(
                    stack.jcompose().start("up", "-d"),
                    stack.jcompose().start("up", "-d", "--force-recreate"),
                    stack.jcompose().start("restart", "-t", "1"));
            StringBuilder said = new StringBuilder();
            for (Jcompose.Running one : together) {
                said.append(one.finish().succeeds().err());
            }

            assertThat(said)
                    .containsPattern("waiting for jcompose (up|restart) \\(pid \\d+\\), which is changing project");
            assertThat(stack.run("ps", "-q").succeeds().out().lines()).hasSize(10);
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
