package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands on containers that exist. */
@Timeout(300)
class LifecycleScenario {
    private static final String SHOP = """
            services:
              web:
                build: .
                image: box
                command: ["sh", "-c", "trap 'exit 3' TERM; echo started; while :; do sleep 0.1; done"]
                volumes: ["data:/data"]
              echo: {build: ., image: box, stdin_open: true, command: [sh, -c, 'read line; echo "got $$line"; exit 6']}
              shell: {build: ., image: box, tty: true, stdin_open: true, command: [sh]}
              short: {build: ., image: box, command: [sh, -c, "sleep 1; exit 4"]}
            volumes: {data: {}}
            """;

    @Test
    void containers_are_paused_scaled_removed_and_waited_for() throws Exception {
        try (Stack stack = Stack.of(SHOP)) {
            stack.run("create").succeeds();
            stack.run("start", "short").succeeds();
            var waiting = stack.jcompose().start("wait", "short").finish();
            assertThat(waiting.exitCode() == 4 || waiting.err().contains("no containers"))
                    .isTrue();
            stack.run("start", "web").succeeds();

            stack.run("pause", "web").succeeds();
            assertThat(stack.run("ps").out()).contains("(Paused)");
            assertThat(stack.run("exec", "-T", "web", "ls").fails().err()).contains("is paused");
            assertThat(stack.run("pause", "web").fails().err()).contains("already paused");
            stack.run("unpause", "web").succeeds();
            assertThat(stack.run("unpause", "web").fails().err()).contains("not paused");
            stack.run("pause", "web").succeeds();
            stack.run("stop", "web").succeeds();
            assertThat(stack.run("ps", "-a").out()).contains("Exited (3)");

            stack.run("start", "web").succeeds();
            assertThat(stack.run("scale", "web").fails().err()).contains("SERVICE=N");
            stack.run("scale", "web=2").succeeds();
            assertThat(stack.run("ps", "-q", "web").out()).hasLineCount(2);
            assertThat(stack.run("top", "web").succeeds().out())
                    .containsPattern("SERVICE  # +UID +PID +PPID +C +STIME +TTY +TIME +CMD")
                    .containsPattern("web +2 +root .* \\? +00:00:0\\d +sh -c trap");
            assertThat(stack.run("stats", "--no-stream", "web").succeeds().out())
                    .containsPattern("CONTAINER ID +NAME +CPU % +MEM USAGE / LIMIT +MEM % +NET I/O +BLOCK I/O +PIDS")
                    .containsPattern("shop-web-2 +\\d+\\.\\d\\d% +[1-9][\\d.]*[KM]iB / ");
            stack.run("scale", "web=1").succeeds();
            assertThat(stack.run("volumes", "-q").out()).isEqualTo("shop_data\n");
            assertThat(stack.run("volumes", "--format", "{{.Driver}} {{.Name}}").out())
                    .isEqualTo("local shop_data\n");

            assertThat(stack.jcompose()
                            .feed("n\n".getBytes(StandardCharsets.UTF_8), "rm")
                            .succeeds()
                            .err())
                    .contains("Going to remove", "shop-short-1", "[yN]");
            assertThat(stack.run("ps", "-a").out()).contains("shop-short-1");
            stack.run("rm", "-f").succeeds();
            assertThat(stack.run("ps", "-a", "--services").out()).isEqualTo("web\n");
            stack.run("rm", "-fs", "web").succeeds();
            assertThat(stack.run("rm", "-f").succeeds().err()).isEqualTo("No stopped containers\n");

            assertThat(stack.run("events", "--json", "--since", "10m", "--until", "0s", "web")
                            .out()
                            .lines())
                    .anyMatch(
                            line -> line.startsWith("{\"action\":\"pause\",\"attributes\":{\"image\":\"box\",\"name\":"
                                            + "\"shop-web-1\"}")
                                    && line.contains("\"service\":\"web\""))
                    .anyMatch(line -> line.contains("\"action\":\"die\"") && line.contains("\"exitCode\":\"3\""))
                    .anyMatch(line -> line.contains("\"action\":\"destroy\""));
        }
    }

    @Test
    void one_attaches_to_a_running_container_with_and_without_a_terminal() throws Exception {
        try (Stack stack = Stack.of(SHOP)) {
            stack.run("up", "-d", "echo", "shell").succeeds();

            var attached = stack.jcompose().feed("hello\n".getBytes(StandardCharsets.UTF_8), "attach", "echo");

            assertThat(attached.out()).isEqualTo("got hello\n");
            assertThat(attached.exitCode()).isEqualTo(6);
            assertThat(stack.run("logs", "--no-log-prefix", "echo").out()).isEqualTo("got hello\n");
            assertThat(stack.run("attach", "echo").fails().err()).isEqualTo("service \"echo\" is not running\n");
            var terminal = stack.jcompose().type("stty size\n\u0018", "attach", "--detach-keys", "ctrl-x", "shell");
            assertThat(terminal.exitCode()).isZero();
            assertThat(stack.run("ps", "--services").out()).contains("shell");
        }
    }

    @Test
    void logs_follow_a_service_over_the_recreation_of_its_container() throws Exception {
        String file = """
                services:
                  web:
                    build: .
                    image: box
                    environment: {KEY: first}
                    command: ["sh", "-c", "trap 'exit 0' TERM; echo $$KEY; while :; do sleep 0.1; done"]
                """;
        try (Stack stack = Stack.of(file)) {
            stack.run("up", "-d").succeeds();
            var following = stack.jcompose().start("logs", "-f", "--no-log-prefix", "web");
            Stack.eventually("first", () -> Files.readString(following.out()).contains("first\n"));
            stack.write(file.replace("first", "second"));
            stack.run("up", "-d").succeeds();
            Stack.eventually("second", () -> Files.readString(following.out()).contains("second\n"));
            assertThat(following.process().isAlive()).isTrue();
            stack.run("stop").succeeds();
            assertThat(following.finish().exitCode()).isZero();
        }
    }
}
