package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The machine goes down and comes up again: every process is gone, and so is what is kept for one boot. */
@Timeout(240)
class RebootScenario {
    private static final String SHOP = """
            services:
              web:
                build: .
                image: box
                command: [sleep, "100000"]
                init: true
                restart: always
                depends_on: {db: {condition: service_healthy}}
              db:
                build: .
                image: box
                command: [sleep, "100000"]
                init: true
                restart: unless-stopped
                healthcheck: {test: [CMD, "true"], interval: 100ms}
              stopped: {build: ., image: box, command: [sleep, "100000"], init: true, restart: unless-stopped}
              once: {build: ., image: box, command: [sleep, "100000"], init: true}
            """;

    @Test
    void what_its_policy_wants_comes_back_and_nothing_else() throws Exception {
        try (Stack stack = Stack.of(SHOP)) {
            stack.run("up", "-d").succeeds();
            stack.run("stop", "-t", "1", "stopped").succeeds();
            Path run = stack.jcompose().runDirectory();

            powerOff(run);
            deleteTree(run);
            assertThat(stack.run("ps", "-a", "--format", "{{.Service}} {{.State}}")
                            .out()
                            .lines())
                    .containsExactlyInAnyOrder("db exited", "once exited", "stopped exited", "web exited");
            assertThat(stack.run("--dry-run", "system", "boot", "start")
                            .succeeds()
                            .out())
                    .contains("shop-db-1  Starting", "shop-web-1  Starting")
                    .doesNotContain("stopped", "once");
            stack.run("system", "boot", "start").succeeds();
            assertThat(stack.run("ps", "--services").out()).isEqualTo("db\nweb\n");
            assertThat(stack.run("system", "boot", "start").succeeds().err()).isBlank();

            powerOff(run);
            for (Path state : states(run)) {
                Files.writeString(state, Files.readString(state).replaceFirst("boot=[^\n]*", "boot=of-another-day"));
            }
            assertThat(stack.run("ps", "-q").out()).isBlank();
            stack.run("system", "boot", "start").succeeds();
            assertThat(stack.run("ps", "--services").out()).isEqualTo("db\nweb\n");
        }
    }

    /** As pulling the plug: containers and all of ours at once, and what those of ours that die later have begun again. */
    private static void powerOff(Path run) throws IOException, InterruptedException {
        assertThat(killAll(run)).isNotEmpty();
        Stack.eventually("no control group is in use", () -> killAll(run).isEmpty() && removeGroups());
    }

    private static List<ProcessHandle> killAll(Path run) {
        List<ProcessHandle> ours = ProcessHandle.allProcesses()
                .filter(process -> isOurs(process, run))
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .distinct()
                .toList();
        ours.forEach(ProcessHandle::destroyForcibly);
        ours.forEach(process -> process.onExit().join());
        return ours;
    }

    /** A process that has ended is in its group until somebody has waited for it. */
    private static boolean removeGroups() throws IOException {
        try (var files = Files.find(Path.of("/sys/fs/cgroup"), 6, RebootScenario::isGroup)) {
            for (Path group : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(group);
            }
            return true;
        } catch (FileSystemException e) {
            return false;
        }
    }

    private static boolean isGroup(Path path, BasicFileAttributes attributes) {
        return attributes.isDirectory()
                && path.toString().matches("/sys/fs/cgroup(/[^/]+)?/jcompose(/shop(/[0-9a-f]{12})?)?");
    }

    private static boolean isOurs(ProcessHandle process, Path run) {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            return line.startsWith("jcr") && line.contains(run.toString());
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Path> states(Path run) throws IOException {
        try (var files = Files.walk(run)) {
            return files.filter(file -> file.endsWith("state")).toList();
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
