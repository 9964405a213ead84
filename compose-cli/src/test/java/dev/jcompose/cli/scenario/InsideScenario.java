package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A container is what Docker users expect when they look around in it. */
@Timeout(180)
class InsideScenario {
    @Test
    void a_container_is_isolated_as_docker_isolates_it() throws Exception {
        try (Stack stack = Stack.of("""
                services:
                  one: {build: ., image: box, command: [sleep, "1000"], hostname: inside, working_dir: /srv, mem_limit: 64m, tmpfs: /scratch}
                  user: {build: ., image: box, command: [sleep, "1000"], user: nobody, read_only: true, cap_drop: [ALL], security_opt: ["no-new-privileges:true"]}
                """)) {
            stack.run("up", "-d").succeeds();

            assertThat(in(stack, "one", "hostname")).isEqualTo("inside\n");
            assertThat(in(stack, "one", "pwd")).isEqualTo("/srv\n");
            assertThat(in(stack, "one", "cat /proc/1/cmdline | tr '\\0' ' '")).isEqualTo("sleep 1000 ");
            String status = in(stack, "one", "cat /proc/1/status");
            assertThat(status).contains("CapEff:\t00000000a80425fb").contains("CapBnd:\t00000000a80425fb");
            assertThat(status).contains("CapInh:\t0000000000000000").contains("Seccomp:\t2");
            assertThat(in(stack, "one", "cat /proc/mounts"))
                    .contains("overlay / overlay")
                    .contains(" /scratch tmpfs");
            assertThat(in(stack, "one", "ls /proc/1/fd").split("\n")).hasSize(3);
            assertThat(in(stack, "one", "cat /proc/kcore | wc -c")).isEqualTo("0\n");
            assertThat(in(stack, "one", "mount -t tmpfs none /mnt 2>&1; echo $?"))
                    .endsWith("1\n");
            assertThat(in(stack, "one", "echo 1 > /proc/sys/kernel/sysrq 2>&1; echo $?"))
                    .endsWith("1\n");
            assertThat(in(stack, "one", "ls /sys/class/net | sort | tr '\\n' ' '"))
                    .isEqualTo("eth0 lo ");
            assertThat(in(stack, "one", "ls -l /dev/null /dev/zero /dev/urandom /dev/tty /dev/ptmx | wc -l"))
                    .isEqualTo("5\n");

            assertThat(in(stack, "user", "id -u; id -g")).isEqualTo("65534\n65534\n");
            String restricted = in(stack, "user", "cat /proc/1/status");
            assertThat(restricted).contains("NoNewPrivs:\t1").contains("CapBnd:\t0000000000000000");
            assertThat(in(stack, "user", "touch /x 2>&1; echo $?"))
                    .contains("Read-only")
                    .endsWith("1\n");
        }
    }

    @Test
    void exec_passes_environment_user_directory_and_exit_code() throws Exception {
        try (Stack stack = Stack.of("services: {one: {build: ., image: box, command: [sleep, '1000']}}")) {
            stack.run("up", "-d").succeeds();
            assertThat(stack.run(
                            "exec",
                            "-T",
                            "-e",
                            "A=b",
                            "-w",
                            "/tmp",
                            "-u",
                            "65534",
                            "one",
                            "sh",
                            "-c",
                            "echo $A; pwd; id -u; exit 42"))
                    .satisfies(result -> assertThat(result.out()).isEqualTo("b\n/tmp\n65534\n"))
                    .satisfies(result -> assertThat(result.exitCode()).isEqualTo(42));
            assertThat(stack.run("exec", "-T", "one", "nosuch").exitCode()).isEqualTo(127);
        }
    }

    @Test
    void names_resolve_by_service_alias_and_container_name_within_a_network_only() throws Exception {
        try (Stack stack = Stack.of("""
                x-box: &box {build: ., image: box, command: [sleep, "1000"], init: true}
                services:
                  a: {<<: *box, networks: {front: {aliases: [alpha]}}}
                  b: {<<: *box, networks: [front, back]}
                  c: {<<: *box, networks: [back]}
                networks: {front: , back: }
                """)) {
            stack.run("up", "-d").succeeds();
            for (String name : List.of("a", "alpha", "shop-a-1")) {
                assertThat(in(stack, "b", "ping -c 1 -W 2 " + name)).as(name).contains("1 packets received");
            }
            assertThat(in(stack, "c", "nslookup a 2>&1; echo $?")).doesNotEndWith("\n0\n");
            assertThat(in(stack, "c", "ping -c 1 -W 2 b")).contains("1 packets received");
        }
    }

    @Test
    void a_failing_container_is_restarted_as_its_policy_says() throws Exception {
        try (Stack stack = Stack.of("""
                services:
                  one: {build: ., image: box, command: [sh, -c, "echo run; exit 5"], restart: "on-failure:2"}
                """)) {
            stack.run("up", "-d").succeeds();
            Stack.eventually(
                    "it gives up after two retries",
                    () -> stack.run("ps", "-a").out().contains("Exited (5)"));
            assertThat(stack.run("logs", "--no-log-prefix").succeeds().out()).isEqualTo("run\nrun\nrun\n");
        }
    }

    private static String in(Stack stack, String service, String script) throws Exception {
        return stack.run("exec", "-T", service, "sh", "-c", script).out();
    }
}
