package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Containers beside those of a service: their input, output, end, and what the user changed of them. */
@Timeout(240)
class RunScenario {
    private static final String SHOP = """
            services:
              web:
                build: .
                image: box
                environment: {A: one, C: three}
                command: [sleep, "1000"]
                init: true
                ports: ["%d:80"]
                volumes: ["data:/data"]
                depends_on: {db: {condition: service_healthy}}
                restart: always
              db:
                build: .
                image: box
                init: true
                command: [sleep, "1000"]
                healthcheck: {test: [CMD, "true"], interval: 100ms}
            volumes: {data: {}}
            """;

    @Test
    void a_container_of_its_own_passes_streams_and_ends_as_its_command_does() throws Exception {
        try (Stack stack = Stack.of(SHOP.formatted(Stack.freePort()))) {
            Files.createDirectories(stack.directory().resolve("host"));
            Files.writeString(stack.directory().resolve("host/file"), "from the host\n");

            var dry = stack.run("--dry-run", "run", "web", "ls").succeeds();
            assertThat(dry.out()).contains("shop-db-1", "(run)");
            var first = stack.run(
                    "run",
                    "--rm",
                    "-T",
                    "-e",
                    "B=$two",
                    "-e",
                    "A",
                    "-u",
                    "nobody",
                    "-w",
                    "/tmp",
                    "-l",
                    "x=y",
                    "-v",
                    "./host:/mnt:ro",
                    "web",
                    "sh",
                    "-c",
                    "echo $A$B$C; id -u; pwd; cat /mnt/file; echo err >&2; exit 7");
            assertThat(first.exitCode()).isEqualTo(7);
            assertThat(first.out()).isEqualTo("$twothree\n65534\n/tmp\nfrom the host\n");
            assertThat(first.err()).contains("err\n").contains("shop-db-1");

            byte[] noise = new byte[3_000_000];
            new Random(7).nextBytes(noise);
            var lengthAndSum = stack.jcompose().feed(noise, "run", "--rm", "web", "sh", "-c", "wc -c; echo end");
            assertThat(lengthAndSum.succeeds().out()).contains("3000000").contains("end");
            assertThat(stack.jcompose()
                            .feed("a\nb\n".getBytes(StandardCharsets.UTF_8), "run", "--rm", "-T", "web", "cat")
                            .succeeds()
                            .out())
                    .isEqualTo("a\nb\n");
            assertThat(stack.run("run", "--rm", "--entrypoint", "echo a", "web", "b")
                            .succeeds()
                            .out())
                    .isEqualTo("a b\n");
            assertThat(stack.run("run", "--rm", "web", "nosuch").fails().err()).contains("no such command");
            assertThat(stack.run("run", "--rm", "-v", "nosuch:/x", "web", "ls")
                            .fails()
                            .err())
                    .contains("no such volume: nosuch");

            var terminal = stack.jcompose().type("tty; stty size\nexit 5\n", "run", "--rm", "web", "sh");
            assertThat(terminal.out()).contains("/dev/pts/0").contains("33 101");
            assertThat(terminal.exitCode()).isEqualTo(5);
            assertThat(stack.run("ps", "-a", "--services").out()).isEqualTo("db\n");
        }
    }

    @Test
    void it_can_stay_in_the_background_and_publishes_what_it_is_told() throws Exception {
        int port = Stack.freePort();
        try (Stack stack = Stack.of(SHOP.formatted(Stack.freePort()))) {
            String id = stack.run(
                            "run",
                            "-d",
                            "--no-deps",
                            "--name",
                            "fred",
                            "-p",
                            port + ":80",
                            "web",
                            "httpd",
                            "-f",
                            "-h",
                            "/etc")
                    .succeeds()
                    .out()
                    .strip();

            assertThat(id).matches("[0-9a-f]{64}");
            assertThat(Stack.get("http://127.0.0.1:" + port + "/passwd")).contains("nobody");
            assertThat(stack.run("inspect", "--format", "{{.Name}} {{.OneOff}} {{len .Ports}}")
                            .out())
                    .startsWith("fred true ");
            assertThat(stack.run("ps", "--services").out()).isBlank();
            assertThat(stack.run("ps", "-a", "--format", "table {{.Name}}\\t{{upper .State}}")
                            .out())
                    .matches("NAME +STATE\nfred +RUNNING\n");
            assertThat(stack.run("run", "--name", "fred", "web", "ls").fails().err())
                    .contains("fred is in use");
        }
    }
}
