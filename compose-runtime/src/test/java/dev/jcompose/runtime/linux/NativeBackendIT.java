package dev.jcompose.runtime.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.ContainerFailedException;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import dev.jcompose.runtime.registry.Registries;
import dev.jcompose.runtime.testing.BackendContract;
import dev.jcompose.runtime.testing.ServiceFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real containers of busybox, looked at from inside and outside. */
@Timeout(120)
class NativeBackendIT implements BackendContract {
    @TempDir
    Path directory;

    private final String project = "jt" + Long.toHexString(System.nanoTime());
    private NativeBackend backend = none();

    @SuppressWarnings("NullAway") // set before each test
    private static NativeBackend none() {
        return null;
    }

    @Override
    public NativeBackend backend() {
        return backend;
    }

    @Override
    public String project() {
        return project;
    }

    @BeforeEach
    void open() throws IOException {
        Busybox.assumeUsable();
        backend = new NativeBackend(
                new NativeLayout(directory.resolve("state"), directory.resolve("run")),
                () -> Registries.from(Map.of()),
                "test",
                InstantSource.system());
        backend.images().importRootfs(Busybox.rootfs(directory.resolve("busybox.tar")), "busybox");
        backend.networks().create(project, ServiceFixture.networkConfig(project + "_default"));
        backend.volumes().create(project, ServiceFixture.volume(project + "_data"));
    }

    @AfterEach
    void removeEverything() throws Exception {
        if (!Files.exists(directory.resolve("state"))) {
            return;
        }
        for (var container : backend.observe(project, List.of()).containers()) {
            backend.containers().stop(container.id(), Optional.of(Duration.ZERO));
            backend.containers().remove(container.id(), true);
        }
        backend.networks().remove(project + "_default");
        backend.volumes().remove(project + "_data");
        backend.close();
        assertThat(directory.resolve("state/projects")).isEmptyDirectory();
        var deadline = Instant.now().plusSeconds(5);
        while (!leftovers().isEmpty() && Instant.now().isBefore(deadline)) {
            Thread.onSpinWait(); // the supervisor's sockets close a moment before its process has gone
        }
        assertThat(leftovers()).isEmpty();
    }

    /** Mounts, control groups and processes that still speak of this test. */
    private List<String> leftovers() throws IOException {
        List<String> found = new ArrayList<>();
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(directory.toString()))
                .forEach(found::add);
        try (var groups = Files.find(Path.of("/sys/fs/cgroup"), 4, (path, a) -> path.endsWith(project))) {
            groups.map(Path::toString).forEach(found::add);
        }
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(directory.toString()))
                .map(process -> process.info().commandLine().orElse(""))
                .forEach(found::add);
        return found;
    }

    @Test
    void a_container_sees_a_machine_of_its_own() throws Exception {
        var script = """
                hostname; id; cat /proc/self/status | grep -E '^(CapBnd|CapEff|Seccomp|NoNewPrivs):'; echo pid $$
                ls /dev | sort | tr '\\n' ' '; echo; cat /etc/hostname; ls /proc/1/fd | wc -l; pwd; mount | grep -c .
                cat /proc/kcore | wc -c; touch /proc/sys/kernel/x 2>&1; mount -t tmpfs x /mnt 2>&1; echo done
                """;
        var id = start(new ServiceFixture("look").command("sh", "-c", script));
        await(id, container -> container.status() == Status.EXITED);
        var output = String.join("\n", log(id));
        assertThat(output)
                .contains("o " + id.substring(0, 12) + "\n")
                .contains("uid=0(root) gid=0(root)")
                .contains("CapBnd:\t00000000a80425fb")
                .contains("CapEff:\t00000000a80425fb")
                .contains("Seccomp:\t2")
                .contains("o pid 1\n")
                .contains("core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero")
                .contains("mount: permission denied")
                .contains("o done");
    }

    @Test
    void an_interrupted_command_ends_with_its_helper() throws Exception {
        var id = start(new ServiceFixture("web").command("sleep", "1000"));
        var before = children();
        var executing = new Thread(() -> {
            try {
                exec(id, "sleep", "1000");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        executing.start();
        while (children().equals(before)) {
            Thread.sleep(5);
        }
        executing.interrupt();
        executing.join();
        assertThat(children()).isEqualTo(before);
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).collect(toSet());
    }

    @Test
    void a_command_that_does_not_exist_is_named() {
        var id = backend.containers()
                .create(new ServiceFixture("web").command("no-such").spec(project));
        assertThatThrownBy(() -> backend.containers().start(id))
                .isInstanceOfSatisfying(
                        ContainerFailedException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(127))
                .hasMessageContaining("\"no-such\": no such command in image busybox");
    }

    @Test
    void a_port_that_is_taken_is_reported_with_its_holder() throws IOException {
        try (var taken = new ServerSocket(0)) {
            var service = new ServiceFixture("web").command("sleep", "1000").port("" + taken.getLocalPort(), 80);
            var id = backend.containers().create(service.spec(project));
            assertThatThrownBy(() -> backend.containers().start(id))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + "/tcp")
                    .hasMessageContaining("(pid " + ProcessHandle.current().pid() + ")");
        }
    }

    @Test
    void a_user_of_the_image_is_found_by_name() throws Exception {
        var id = start(new ServiceFixture("web")
                .user("daemon")
                .command("sh", "-c", "id -u; echo $HOME; cat /proc/self/status | grep CapEff"));
        await(id, container -> container.status() == Status.EXITED);
        assertThat(log(id)).containsExactly("o 1", "o /usr/sbin", "o CapEff:\t0000000000000000");
    }

    @Test
    void a_published_port_leads_into_the_container() throws Exception {
        var id = start(new ServiceFixture("web")
                .port("", 80)
                .command("sh", "-c", "while :; do echo pong | nc -l -p 80; done"));
        var port = await(id, container -> !container.ports().isEmpty()).ports().getFirst();
        assertThat(port.hostIp()).isEqualTo("127.0.0.1");
        assertThat(answer(port.hostPort())).isEqualTo("pong");
    }

    /** The port is open before the service behind it listens: until then the connection is closed without an answer. */
    private static String answer(int port) throws IOException {
        var deadline = Instant.now().plusSeconds(30);
        while (Instant.now().isBefore(deadline)) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                var text = new String(socket.getInputStream().readAllBytes(), UTF_8).strip();
                if (!text.isEmpty()) {
                    return text;
                }
            } catch (SocketException e) {
                Thread.onSpinWait(); // not yet
            }
        }
        return "";
    }

    @Test
    void a_service_can_share_the_network_of_another() throws Exception {
        var donor = new ServiceFixture("web").command("sleep", "1000");
        var guest = new ServiceFixture("side").networkMode("service:web").command("ip", "addr", "show", "eth0");
        var together = ServiceFixture.project(project, donor.build(), guest.build());
        var id = start(donor, together);
        var address = backend.containers().inspect(id).orElseThrow().networks().get(project + "_default");
        var side = start(guest, together);
        await(side, container -> container.status() == Status.EXITED);
        assertThat(log(side)).anyMatch(line -> line.contains("inet " + address + "/24"));
    }

    @Test
    void a_network_of_stopped_containers_can_be_made_anew_and_they_no_longer_fit() throws Exception {
        var id = start(new ServiceFixture("web").command("sleep", "1000"));
        assertThatThrownBy(() -> backend.networks().remove(project + "_default"))
                .isInstanceOf(ConflictException.class);
        backend.containers().stop(id, Optional.of(Duration.ZERO));
        assertThat(backend.containers().inspect(id).orElseThrow().configHash()).isEqualTo("hash-of-web");
        backend.networks().remove(project + "_default");
        backend.networks().create(project, ServiceFixture.networkConfig(project + "_default"));
        assertThat(backend.containers().inspect(id).orElseThrow().configHash()).isEmpty();
        assertThatThrownBy(() -> backend.containers().start(id)).hasMessageContaining("made anew");
        start(new ServiceFixture("web").command("sleep", "1000"));
        backend.containers().remove(id, true);
        assertThat(directory.resolve("state/networks/" + project + "_default/leases"))
                .isDirectoryContaining(lease -> true);
    }

    @Test
    void while_a_service_is_recreated_its_new_container_shares_its_network() throws Exception {
        var donor = new ServiceFixture("web").command("sleep", "1000");
        var guest = new ServiceFixture("side").networkMode("service:web").command("ip", "addr", "show", "eth0");
        var together = ServiceFixture.project(project, donor.build(), guest.build());
        for (int i = 0; i < 4; i++) {
            start(donor, together);
        }
        var newest = start(donor, together);
        var address =
                backend.containers().inspect(newest).orElseThrow().networks().get(project + "_default");
        var side = start(guest, together);
        await(side, container -> container.status() == Status.EXITED);
        assertThat(log(side)).anyMatch(line -> line.contains("inet " + address + "/24"));
        backend.containers().stop(newest, Optional.of(Duration.ZERO));
        backend.containers().remove(newest, true);
        assertThat(backend.containers().inspect(side).orElseThrow().configHash())
                .isEmpty();
    }

    @Test
    void killing_all_of_ours_leaves_containers_that_the_next_command_can_stop() throws Exception {
        var id = start(new ServiceFixture("web").command("sleep", "1000"));
        backend.close();
        for (var process = ours(); process.isPresent(); process = ours()) {
            process.get().destroyForcibly();
            process.get().onExit().join();
        }
        backend.containers().stop(id, Optional.of(Duration.ZERO));
        assertThat(backend.containers().inspect(id).orElseThrow().status()).isEqualTo(Status.EXITED);
    }

    private Optional<ProcessHandle> ours() {
        var run = directory.resolve("run").toString();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(run))
                .findAny();
    }

    @Test
    void what_a_create_that_was_cut_off_left_is_cleared_by_the_next_command() throws Exception {
        var id = backend.containers()
                .create(new ServiceFixture("web").command("true").spec(project));
        Files.delete(directory
                .resolve("state/projects")
                .resolve(project)
                .resolve(id.substring(0, 12))
                .resolve("plan"));
        try (var lock = backend.lock(project, owner -> {})) {
            assertThat(lock).isNotNull();
            assertThat(directory.resolve("state/projects").resolve(project)).doesNotExist();
            assertThat(directory.resolve("state/networks/" + project + "_default/leases"))
                    .isEmptyDirectory();
        }
    }
}
