package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stack comes up, works, changes, and goes away. */
@Timeout(180)
class UpDownScenario {
    private static final String SHOP = """
            services:
              web:
                build: .
                image: box
                command: ["httpd", "-f", "-p", "80", "-h", "/www"]
                ports: ["%d:80"]
                volumes: ["./www:/www:ro"]
                depends_on:
                  db: {condition: service_healthy}
              db:
                image: box
                build: .
                command: ["sh", "-c", "echo ready > /tmp/up; trap 'exit 0' TERM; while :; do sleep 0.1; done"]
                environment: {KEY: value}
                volumes: ["data:/data"]
                healthcheck: {test: ["CMD", "grep", "-q", "ready", "/tmp/up"], interval: 1s, start_period: 5s, start_interval: 100ms}
              worker:
                image: box
                build: .
                command: ["sh", "-c", "while :; do wget -q -O - http://web/ && break; sleep 0.1; done; echo done; sleep 1000"]
                init: true
            volumes:
              data:
            """;

    @Test
    void a_stack_comes_up_serves_its_port_and_goes_away() throws Exception {
        int port = Stack.freePort();
        try (Stack stack = Stack.of(SHOP.formatted(port))) {
            Files.createDirectories(stack.directory().resolve("www"));
            Files.writeString(stack.directory().resolve("www/index.html"), "hello from web\n");

            stack.run("up", "-d").succeeds();

            assertThat(Stack.get("http://127.0.0.1:" + port + "/")).isEqualTo("hello from web\n");
            assertThat(stack.run("ps", "--services").succeeds().out().lines())
                    .containsExactlyInAnyOrder("db", "web", "worker");
            Stack.eventually(
                    "the worker reaches web by name",
                    () -> stack.run("logs", "--no-color", "worker").out().contains("worker-1  | hello from web"));
            assertThat(stack.run("ps").succeeds().out()).contains("shop-db-1").contains("(healthy)");

            stack.run("down").succeeds();

            assertThat(KernelState.leftSince(stack.before())).isEmpty();
            assertThat(stack.run("ps", "-a", "-q").succeeds().out()).isBlank();
        }
    }

    @Test
    void up_again_changes_nothing_and_a_changed_service_alone_is_recreated() throws Exception {
        String file = SHOP.formatted(Stack.freePort());
        try (Stack stack = Stack.of(file)) {
            Files.createDirectories(stack.directory().resolve("www"));
            stack.run("up", "-d").succeeds();
            List<String> first = ids(stack);

            stack.run("up", "-d").succeeds();
            assertThat(ids(stack)).isEqualTo(first);

            stack.write(file.replace("KEY: value", "KEY: other"));
            stack.run("up", "-d").succeeds();
            List<String> second = ids(stack);
            assertThat(second).hasSize(3);
            assertThat(second.stream().filter(first::contains)).hasSize(2);
            assertThat(stack.run("exec", "-T", "db", "sh", "-c", "echo $KEY")
                            .succeeds()
                            .out())
                    .isEqualTo("other\n");
        }
    }

    @Test
    void a_named_volume_outlives_down_and_goes_with_v() throws Exception {
        try (Stack stack = Stack.of(SHOP.formatted(Stack.freePort()))) {
            Files.createDirectories(stack.directory().resolve("www"));
            stack.run("up", "-d", "db").succeeds();
            stack.run("exec", "-T", "db", "sh", "-c", "echo kept > /data/file").succeeds();
            stack.run("down", "-t", "1").succeeds();
            stack.run("up", "-d", "db").succeeds();
            assertThat(stack.run("exec", "-T", "db", "cat", "/data/file")
                            .succeeds()
                            .out())
                    .isEqualTo("kept\n");

            stack.run("down", "-t", "1", "-v").succeeds();
            stack.run("up", "-d", "db").succeeds();
            assertThat(stack.run("exec", "-T", "db", "cat", "/data/file").exitCode())
                    .isEqualTo(1);
        }
    }

    @Test
    void scale_runs_replicas_that_share_the_service_name() throws Exception {
        try (Stack stack = Stack.of("""
                services:
                  one: {build: ., image: box, command: [sleep, "1000"], init: true}
                  asker: {build: ., image: box, command: [sleep, "1000"], init: true}
                """)) {
            stack.run("up", "-d", "--scale", "one=3").succeeds();
            assertThat(stack.run("ps", "-q", "one").succeeds().out().lines()).hasSize(3);
            String answer = stack.run("exec", "-T", "asker", "nslookup", "one").out();
            assertThat(answer.lines().filter(line -> line.startsWith("Address")))
                    .hasSizeGreaterThanOrEqualTo(3);

            stack.run("up", "-d", "--scale", "one=1").succeeds();
            assertThat(stack.run("ps", "one").succeeds().out())
                    .contains("shop-one-1")
                    .doesNotContain("shop-one-2");
        }
    }

    @Test
    void stop_start_restart_and_kill_do_what_they_say() throws Exception {
        try (Stack stack = Stack.of("""
                services:
                  one:
                    build: .
                    image: box
                    command: ["sh", "-c", "trap 'echo bye; exit 7' TERM; trap 'echo hup' HUP; echo started; while :; do sleep 0.05; done"]
                """)) {
            stack.run("up", "-d").succeeds();
            stack.run("kill", "-s", "HUP", "one").succeeds();
            Stack.eventually("hup", () -> stack.run("logs", "one").out().contains("hup"));
            stack.run("stop").succeeds();
            assertThat(stack.run("ps", "-a").succeeds().out()).contains("Exited (7)");
            assertThat(stack.run("logs", "--no-log-prefix").succeeds().out()).isEqualTo("started\nhup\nbye\n");
            stack.run("start").succeeds();
            stack.run("restart", "-t", "1").succeeds();
            assertThat(stack.run("ps").succeeds().out()).contains("Up ");
            stack.run("kill").succeeds();
            Stack.eventually("killed", () -> stack.run("ps", "-a").out().contains("Exited (137)"));
        }
    }

    private static List<String> ids(Stack stack) throws Exception {
        return stack.run("ps", "-q").succeeds().out().lines().sorted().toList();
    }
}
