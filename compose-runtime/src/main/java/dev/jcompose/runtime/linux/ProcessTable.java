package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.Activity.Task;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The processes of one running container, as the host sees them. */
final class ProcessTable {
    private static final Path PROC = Path.of("/proc");
    /** The kernel's unit of time towards user space, the same on every architecture there is. */
    private static final long TICKS = 100;

    private static final long MILLIS = 1000;
    private static final int MINORS = 256;

    private final ContainerPlan plan;
    private final int first;

    ProcessTable(ContainerPlan plan, int first) {
        this.plan = plan;
        this.first = first;
    }

    List<Task> tasks() {
        var booted = booted();
        return pids().stream()
                .sorted()
                .flatMap(pid -> task(pid, booted).stream())
                .toList();
    }

    private List<Integer> pids() {
        return new CgroupFiles(plan).processes().orElseGet(this::ofNamespace);
    }

    /** Without a control group: whoever is in the process namespace of the first. */
    private List<Integer> ofNamespace() {
        var namespace = namespace(first);
        List<Integer> pids = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var entry : entries) {
                int pid = Integer.parseInt(String.valueOf(entry.getFileName()));
                if (namespace.isPresent() && namespace(pid).equals(namespace)) {
                    pids.add(pid);
                }
            }
        } catch (IOException e) {
            return List.of(first);
        }
        return pids;
    }

    private static Optional<String> namespace(int pid) {
        try {
            return Optional.of(
                    Files.readSymbolicLink(PROC.resolve(pid + "/ns/pid")).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Instant booted() {
        return CgroupFiles.read(PROC.resolve("stat")).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("btime "))
                .map(line ->
                        Instant.ofEpochSecond(Long.parseLong(line.substring(6).strip())))
                .findFirst()
                .orElse(Instant.EPOCH);
    }

    /** Empty when it has ended meanwhile. */
    private static Optional<Task> task(int pid, Instant booted) {
        var home = PROC.resolve(Integer.toString(pid));
        return CgroupFiles.read(home.resolve("stat")).map(stat -> {
            int name = stat.indexOf('(');
            int after = stat.lastIndexOf(')');
            var fields = stat.substring(after + 1).strip().split(" ", -1);
            long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            var started = booted.plusMillis(Long.parseLong(fields[19]) * MILLIS / TICKS);
            return new Task(
                    user(home),
                    pid,
                    Long.parseLong(fields[1]),
                    share(ticks, started),
                    started,
                    terminal(Integer.parseInt(fields[4])),
                    ticks / TICKS,
                    command(home, stat.substring(name + 1, after)));
        });
    }

    private static int share(long ticks, Instant started) {
        long lived = Math.max(1, Instant.now().toEpochMilli() - started.toEpochMilli());
        return (int) Math.min(99, ticks * (MILLIS / TICKS) * 100 / lived);
    }

    private static String user(Path home) {
        var uid = CgroupFiles.read(home.resolve("status")).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("Uid:"))
                .map(line -> line.split("\\s+", -1)[2])
                .findFirst()
                .orElse("?");
        return CgroupFiles.read(Path.of("/etc/passwd")).stream()
                .flatMap(String::lines)
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length > 2 && fields[2].equals(uid))
                .map(fields -> fields[0])
                .findFirst()
                .orElse(uid);
    }

    private static String terminal(int device) {
        int major = (device >> 8) & 0xfff;
        int minor = (device & 0xff) | ((device >> 12) & 0xfff00);
        return major >= 136 && major <= 143 ? "pts/" + ((major - 136) * MINORS + minor) : "?";
    }

    private static String command(Path home, String name) {
        var line = CgroupFiles.read(home.resolve("cmdline"))
                .orElse("")
                .replace('\0', ' ')
                .strip();
        return line.isEmpty() ? "[" + name + "]" : line;
    }
}
