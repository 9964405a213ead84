package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attributes of services, as they show inside the containers. */
@Timeout(180)
class AttributeScenario {
    @Test
    void security_storage_and_hooks_show_inside() throws Exception {
        try (Stack stack = Stack.of("""
                x-box: &box {build: ., image: box, command: [sleep, "1000"], init: true}
                services:
                  guarded: {<<: *box, x-others: 1, security_opt: ["seccomp:filter.json"], device_cgroup_rules: ["c 10:229 rw"]}
                  stored:
                    <<: *box
                    volumes:
                      - {type: bind, source: ./owned, target: /owned, x-jcompose: {owner: "0:0"}}
                      - {type: image, source: box, target: /image}
                      - {type: image, source: box, target: /etc-of-image, image: {subpath: etc}}
                      - "memory:/memory"
                  hooked:
                    <<: *box
                    volumes: ["memory:/memory"]
                    post_start: [{command: [sh, -c, "id -u >/memory/hook; pwd >>/memory/hook; echo $$A >>/memory/hook"], working_dir: /tmp, environment: {A: b}}]
                volumes:
                  memory: {driver_opts: {type: tmpfs, device: tmpfs, o: "size=1m,mode=1777,noexec"}}
                """)) {
            Files.writeString(stack.directory().resolve("filter.json"), """
                    {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
                      {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13}]}""");
            Path owned = Files.createDirectories(stack.directory().resolve("owned"));
            Files.setAttribute(owned, "unix:uid", 1234);
            Files.setAttribute(owned, "unix:gid", 1234);
            stack.run("up", "-d").succeeds();

            assertThat(in(stack, "guarded", "mkdir /new 2>&1; grep Seccomp: /proc/self/status"))
                    .contains("Permission denied")
                    .contains("Seccomp:\t2");
            String stored = in(
                    stack,
                    "stored",
                    "ls -ldn /owned; touch /owned/new; ls /image; ls /etc-of-image; touch /image/x 2>&1; grep ' /memory ' /proc/mounts; cat /memory/hook");
            assertThat(stored)
                    .containsPattern("drwx\\S+ +\\d+ 0 +0 .*/owned")
                    .contains("bin\n", "passwd\n", "Read-only file system", "size=1024k")
                    .endsWith("0\n/tmp\nb\n");
            assertThat(Files.getAttribute(owned.resolve("new"), "unix:uid")).isEqualTo(1234);
        }
    }

    @Test
    void a_subpath_that_leads_out_of_its_volume_is_refused() throws Exception {
        try (Stack stack = Stack.of("""
                services:
                  writer: {build: ., image: box, command: [ln, -s, /etc, /data/out], volumes: ["data:/data"]}
                  reader:
                    image: box
                    command: [sleep, "1000"]
                    depends_on: {writer: {condition: service_completed_successfully}}
                    volumes: [{type: volume, source: data, target: /data, volume: {subpath: out, nocopy: true}}]
                volumes: {data: }
                """)) {
            assertThat(stack.run("up", "-d").fails().err()).contains("leads out of its volume");
        }
    }

    @Test
    void a_container_that_turns_unhealthy_is_restarted_when_asked_for() throws Exception {
        try (Stack stack = Stack.of("""
                services:
                  one:
                    build: .
                    image: box
                    command: [sh, -c, "echo run; exec sleep 1000"]
                    init: true
                    healthcheck: {test: [CMD, "false"], interval: 100ms, retries: 1}
                    x-jcompose: {restart-unhealthy: true}
                """)) {
            stack.run("up", "-d").succeeds();
            Stack.eventually(
                    "it has run twice",
                    () -> stack.run("logs", "--no-log-prefix").out().startsWith("run\nrun\n"));
        }
    }

    private static String in(Stack stack, String service, String script) throws Exception {
        return stack.run("exec", "-T", service, "sh", "-c", script).out();
    }
}
