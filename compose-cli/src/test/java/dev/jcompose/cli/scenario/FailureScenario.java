package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a user reads when something goes wrong. */
@Timeout(180)
class FailureScenario {
    @Test
    void a_taken_port_names_the_process_that_has_it() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"));
                Stack stack = Stack.of("""
                        services:
                          one: {build: ., image: box, command: [sleep, "1000"], ports: ["%d:80"]}
                        """.formatted(taken.getLocalPort()))) {
            assertThat(stack.run("up", "-d").fails().err())
                    .contains(Integer.toString(taken.getLocalPort()))
                    .contains("java")
                    .contains(Long.toString(ProcessHandle.current().pid()));
        }
    }

    @Test
    void a_missing_image_says_what_to_do() throws Exception {
        try (Stack stack = Stack.of("services: {one: {image: nowhere}}")) {
            assertThat(stack.run("up", "-d").fails().err()).contains("nowhere").contains("image load");
        }
    }

    @Test
    void a_command_that_is_not_in_the_image_is_named() throws Exception {
        try (Stack stack = Stack.of("services: {one: {build: ., image: box, command: [nosuch]}}")) {
            var up = stack.run("up", "-d");

            assertThat(up.err()).contains("nosuch").contains("no such command");
            assertThat(up.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void an_unhealthy_dependency_shows_what_its_healthcheck_printed() throws Exception {
        try (Stack stack = Stack.of("""
                services:
                  web: {build: ., image: box, command: [sleep, "1000"], depends_on: {db: {condition: service_healthy}}}
                  db:
                    build: .
                    image: box
                    command: [sleep, "1000"]
                    healthcheck: {test: ["CMD-SHELL", "echo no tables; exit 1"], interval: 100ms, retries: 2}
                """)) {
            assertThat(stack.run("up", "-d").fails().err())
                    .contains("container shop-db-1 is unhealthy")
                    .contains("no tables");
        }
    }

    @Test
    void a_container_that_exits_at_once_shows_its_last_lines_with_wait() throws Exception {
        try (Stack stack = Stack.of(
                "services: {one: {build: ., image: box, command: [sh, -c, 'echo cannot open db >&2; exit 3']}}")) {
            assertThat(stack.run("up", "--wait").fails().err())
                    .contains("exited (3)")
                    .contains("cannot open db");
        }
    }

    @Test
    void the_time_to_wait_is_over_even_while_a_dependency_is_waited_for() throws Exception {
        try (Stack stack = Stack.of("""
                services:
                  web: {build: ., image: box, command: [sleep, "1000"], depends_on: {db: {condition: service_healthy}}}
                  db:
                    build: .
                    image: box
                    command: [sleep, "1000"]
                    healthcheck: {test: ["CMD", "false"], interval: 100ms, retries: 100000}
                """)) {
            var up = stack.run("up", "--wait", "--wait-timeout", "1");

            assertThat(up.err()).contains("application not healthy after 1s").contains("shop-db-1");
            assertThat(up.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void broken_yaml_names_file_line_and_column_and_starts_nothing() throws Exception {
        try (Stack stack = Stack.of("services:\n  one:\n    imag: box\n")) {
            assertThat(stack.run("up", "-d").fails().err())
                    .contains("compose.yaml:3:5")
                    .contains("did you mean \"image\"");
        }
    }

    @Test
    void an_attribute_the_backend_cannot_honour_is_refused_with_its_place() throws Exception {
        try (Stack stack = Stack.of("services:\n  one:\n    image: box\n    build: .\n    gpus: all\n")) {
            assertThat(stack.run("up", "-d").fails().err())
                    .contains("compose.yaml:5:")
                    .contains("services.one.gpus");
        }
    }

    @Test
    void a_dependency_cycle_is_spelled_out() throws Exception {
        try (Stack stack = Stack.of("""
                services:
                  one: {image: box, depends_on: [two]}
                  two: {image: box, depends_on: [one]}
                """)) {
            assertThat(stack.run("up", "-d").fails().err()).containsPattern("one -> two -> one|two -> one -> two");
        }
    }
}
