package dev.jcompose.runtime.linux.shim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads state files and says what is still true of them: not after a reboot, and not without a monitor. */
public final class ContainerStateFile {
    private final Path proc;
    private final String bootId;

    public ContainerStateFile() {
        this(Path.of("/proc"));
    }

    ContainerStateFile(Path proc) {
        this.proc = proc;
        this.bootId = DurableFile.read(proc.resolve("sys/kernel/random/boot_id"))
                .map(bytes -> new String(bytes, UTF_8).strip())
                .orElse("");
    }

    /** The container's state now. */
    public ContainerState read(ContainerFiles files) {
        var content = DurableFile.read(files.stateFile());
        if (content.isEmpty()) {
            return Files.exists(files.intent()) ? ContainerState.CREATED.lost() : ContainerState.CREATED;
        }
        var values = ContainerState.values(content.get());
        var state = ContainerState.of(values);
        if (!state.isAlive()) {
            return state;
        }
        boolean sameBoot = bootId.equals(values.get("boot"));
        return sameBoot && hasMonitor(state, values.getOrDefault("monstart", "")) ? state : state.lost();
    }

    /** Whether nothing has been noted of the container since the machine started. */
    public boolean isBeforeBoot(ContainerFiles files) {
        return DurableFile.read(files.stateFile())
                .map(content -> !bootId.equals(ContainerState.values(content).get("boot")))
                .orElse(true);
    }

    private boolean hasMonitor(ContainerState state, String start) {
        if (state.monitor().isEmpty()) {
            return false;
        }
        var found = startTime(state.monitor().getAsInt());
        return found.isPresent() && (start.isEmpty() || found.get().equals(start));
    }

    private Optional<String> startTime(int pid) {
        try {
            return Optional.of(startTime(Files.readString(proc.resolve(pid + "/stat"))));
        } catch (IOException e) {
            return Optional.empty(); // no such process, or no more
        }
    }

    /** Field 22 of {@code /proc/pid/stat}; the name in field 2 may hold anything, so count from its end. */
    private static String startTime(String stat) {
        var fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", 21);
        return fields.length > 19 ? fields[19] : "";
    }

    /** The first process of a container that still runs, whatever its state file says: its monitor may have been killed. */
    public OptionalLong livingPayload(ContainerFiles files) {
        var values =
                DurableFile.read(files.stateFile()).map(ContainerState::values).orElse(Map.of());
        var pid = values.getOrDefault("pid", "0");
        if (pid.equals("0") || !bootId.equals(values.get("boot"))) {
            return OptionalLong.empty();
        }
        boolean same = startTime(Integer.parseInt(pid))
                .filter(values.getOrDefault("pidstart", "")::equals)
                .isPresent();
        return same ? OptionalLong.of(Long.parseLong(pid)) : OptionalLong.empty();
    }

    /** Output of the last healthcheck, trimmed; empty when there was none. */
    public static String lastHealthOutput(ContainerFiles files) {
        return DurableFile.read(files.health())
                .map(Frames::decode)
                .filter(probes -> !probes.isEmpty())
                .map(probes -> new String(probes.getLast().bytes(4), UTF_8).strip())
                .orElse("");
    }
}
