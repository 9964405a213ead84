package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attributes that are nothing but a value somewhere in a container: many in one stack, each looked at from inside. */
@Timeout(300)
class EveryAttributeScenario {
    private static final String BOX =
            "x-box: &box {build: ., image: box, command: [sleep, \"1000\"], init: true, stop_grace_period: 1s}\n";

    @Test
    void processes_and_storage_are_as_declared() throws Exception {
        try (Stack stack = Stack.of(BOX + """
                services:
                  process:
                    <<: *box
                    environment: {A: b}
                    env_file: [env]
                    working_dir: /srv
                    user: "65534:65534"
                    group_add: ["1234"]
                    hostname: inside
                    domainname: example.test
                    tty: true
                    stdin_open: true
                    oom_score_adj: 500
                    ulimits: {nofile: {soft: 100, hard: 200}, nproc: 300}
                    sysctls: {net.core.somaxconn: 99, kernel.msgmax: 9000}
                  storage:
                    <<: *box
                    read_only: true
                    shm_size: 2m
                    tmpfs: ["/run:size=1m,mode=700"]
                    volumes:
                      - {type: bind, source: ./host, target: /host, read_only: true, bind: {propagation: rslave}}
                      - {type: bind, source: ./made, target: /made, bind: {create_host_path: true, selinux: z}}
                      - {type: volume, source: data, target: /data}
                      - {type: tmpfs, target: /t, tmpfs: {size: 3m, mode: 0750}}
                      - /etc
                    configs: [{source: c, target: /c, uid: "65534", gid: "1", mode: 0440}]
                    secrets: [{source: s, uid: "65534", gid: "2", mode: 0400}]
                  from: {<<: *box, volumes_from: ["storage:ro"]}
                configs: {c: {content: "text"}}
                secrets: {s: {file: ./env}}
                volumes: {data: }
                """)) {
            Files.writeString(stack.directory().resolve("env"), "FROM_FILE=yes\n");
            Files.createDirectories(stack.directory().resolve("host"));
            stack.run("up", "-d").succeeds();

            assertThat(in(stack, "process", "id; pwd; hostname; hostname -f; env; cat /proc/sys/kernel/domainname"))
                    .startsWith("uid=65534(nobody) gid=65534(nogroup) groups=1234\n/srv\ninside\ninside.example.test\n")
                    .contains("A=b\n", "FROM_FILE=yes\n")
                    .endsWith("example.test\n");
            assertThat(in(stack, "process", "cat /proc/1/oom_score_adj /proc/sys/net/core/somaxconn"))
                    .isEqualTo("500\n99\n");
            assertThat(in(stack, "process", "cat /proc/sys/kernel/msgmax; readlink /proc/2/fd/0; cat /proc/2/comm"))
                    .isEqualTo("9000\n/dev/pts/0\nsleep\n");
            assertThat(in(stack, "process", "cat /proc/1/limits"))
                    .containsPattern("Max processes +300 +300")
                    .containsPattern("Max open files +100 +200");

            assertThat(in(stack, "storage", "df -k /dev/shm /run /t; ls -ld /run /t"))
                    .containsPattern("tmpfs +2048 .* /dev/shm")
                    .containsPattern("tmpfs +1024 .* /run")
                    .containsPattern("tmpfs +3072 .* /t")
                    .containsPattern("drwx------ .* /run")
                    .containsPattern("drwxr-x--- .* /t");
            assertThat(in(stack, "storage", "touch /x; touch /host/x; touch /made/x /data/x; ls /made /data /etc"))
                    .contains("/x: Read-only file system", "/host/x: Read-only file system")
                    .contains("/made:\nx\n", "/data:\nx\n", "passwd\n"); // copied up into the anonymous volume
            assertThat(in(stack, "storage", "ls -ln /c /run/secrets/s; cat /c /run/secrets/s"))
                    .containsPattern("-r--r----- +1 65534 +1 +4 ")
                    .containsPattern("-r-------- +1 65534 +2 +14 ")
                    .endsWith("textFROM_FILE=yes\n");
            assertThat(stack.directory().resolve("made/x")).exists();
            assertThat(in(stack, "from", "ls /data; touch /data/y; ls /etc"))
                    .startsWith("x\n")
                    .contains("Read-only", "passwd");
        }
    }

    @Test
    void rights_namespaces_and_limits_are_as_declared() throws Exception {
        try (Stack stack = Stack.of(BOX + """
                services:
                  rights:
                    <<: *box
                    cap_drop: [ALL]
                    cap_add: [NET_ADMIN]
                    security_opt: [no-new-privileges, "seccomp=unconfined"]
                    devices: ["/dev/kmsg:/dev/messages:r"]
                  free: {<<: *box, privileged: true, pid: host, uts: host, ipc: host, cgroup: host, userns_mode: host, cgroup_parent: jctest}
                  shares: {<<: *box, network_mode: "service:alone", pid: "service:rights"}
                  alone: {<<: *box, network_mode: none, extra_hosts: ["x=1.2.3.4"]}
                  host: {<<: *box, network_mode: host}
                  limits:
                    <<: *box
                    ipc: shareable
                    cpus: 0.5
                    cpu_shares: 512
                    cpuset: "0"
                    mem_limit: 64m
                    mem_reservation: 32m
                    memswap_limit: 64m
                    pids_limit: 50
                """)) {
            stack.run("up", "-d").succeeds();

            assertThat(in(stack, "rights", "cat /proc/1/status; ls -l /dev/messages; : >/dev/messages"))
                    .contains("CapEff:\t0000000000001000", "CapBnd:\t0000000000001000", "NoNewPrivs:\t1", "Seccomp:\t0")
                    .containsPattern("1, +11 .*/dev/messages")
                    .contains("Operation not permitted");
            assertThat(in(stack, "free", "grep CapEff /proc/self/status; cat /proc/self/cgroup; hostname"))
                    .containsPattern("CapEff:\t0000[0-9a-f]*fffff")
                    .contains("/jctest/jcompose/shop/")
                    .endsWith(Files.readString(Path.of("/proc/sys/kernel/hostname")));
            assertThat(in(stack, "free", "for n in pid uts ipc; do readlink /proc/self/ns/$n; done"))
                    .isEqualTo(namespace("pid") + namespace("uts") + namespace("ipc"));
            assertThat(in(stack, "host", "readlink /proc/self/ns/net")).isEqualTo(namespace("net"));
            assertThat(in(stack, "alone", "ip link; cat /etc/hosts"))
                    .contains("lo:", "1.2.3.4\tx")
                    .doesNotContain("eth0");
            String look = "for n in net pid ipc; do readlink /proc/self/ns/$n; done";
            List<String> shares = in(stack, "shares", look).lines().toList();
            assertThat(shares.get(0))
                    .isEqualTo(in(stack, "alone", look).lines().toList().get(0));
            assertThat(shares.get(1))
                    .isEqualTo(in(stack, "rights", look).lines().toList().get(1));
            assertThat(shares)
                    .doesNotContainAnyElementsOf(
                            in(stack, "limits", look).lines().toList());
            String limits = in(
                    stack,
                    "limits",
                    "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes memory.max pids/pids.max pids.max cpuset/cpuset.cpus"
                            + " cpuset.cpus cpu/cpu.cfs_quota_us cpu.max cpu/cpu.shares cpu.weight 2>/dev/null; nproc");
            assertThat(limits).containsPattern("67108864\n50\n0\n50000( 100000)?\n(512|20)\n1\n$");
        } finally {
            removeParents();
        }
    }

    /** The group in which the user wanted the containers' is the user's. */
    private static void removeParents() throws IOException {
        Files.deleteIfExists(Path.of("/sys/fs/cgroup/jctest"));
        try (var hierarchies = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"), Files::isDirectory)) {
            for (Path hierarchy : hierarchies) {
                Files.deleteIfExists(hierarchy.resolve("jctest"));
            }
        }
    }

    /** On a machine that has nothing but the unified hierarchy device rules are a program of the kernel's. */
    @Test
    void devices_are_out_of_reach_with_control_groups_of_version_2_alone() throws Exception {
        try (Stack stack = Stack.of(BOX + """
                services:
                  one: {<<: *box, device_cgroup_rules: ["c 1:11 r"]}
                """)) {
            String only2 =
                    "while umount -l -R /sys; do :; done; mount -t sysfs none /sys; mount -t cgroup2 none /sys/fs/cgroup;"
                            + " exec \"$@\"";
            Jcompose jcompose = stack.jcompose().within("unshare", "--mount", "sh", "-c", only2, "sh");
            jcompose.run("up", "-d").succeeds();
            String seen = jcompose.run(
                            "exec",
                            "-T",
                            "one",
                            "sh",
                            "-c",
                            "exec 2>&1; cat /proc/self/cgroup; mknod /tmp/m c 1 1; ls /tmp; head -c 1 /tmp/m; mknod /tmp/k c 1 11;"
                                    + " (: >/tmp/k); : >/dev/null; head -c 1 /dev/zero | wc -c")
                    .out();
            assertThat(seen)
                    .contains("0::/", "\nm\n", "/tmp/m: Operation not permitted", "/tmp/k: Operation not permitted")
                    .endsWith("\n1\n");
            jcompose.run("down", "-t", "0").succeeds();
        }
    }

    private static String namespace(String kind) throws Exception {
        return Files.readSymbolicLink(Path.of("/proc/self/ns", kind)) + "\n";
    }

    private static String in(Stack stack, String service, String script) throws Exception {
        return stack.run("exec", "-T", service, "sh", "-c", "(" + script + ") 2>&1")
                .out();
    }
}
