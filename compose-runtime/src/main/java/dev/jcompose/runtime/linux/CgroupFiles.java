package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the control groups of one container, of either version. */
record CgroupFiles(ContainerPlan plan) {
    private static final String UNIFIED = "unified";

    /** Whether a controller is one of version 2 here. */
    boolean isUnified(String controller) {
        return directory(controller).isEmpty() && directory(UNIFIED).isPresent();
    }

    /** The text of a controller's file; empty when there is none. */
    Optional<String> text(String controller, String file) {
        return directory(controller).or(() -> directory(UNIFIED)).flatMap(directory -> read(directory.resolve(file)));
    }

    /** A file that holds one number; empty also for {@code max}. */
    OptionalLong number(String controller, String file) {
        return text(controller, file)
                .filter(text -> text.matches("\\d{1,19}"))
                .map(text -> OptionalLong.of(Long.parseUnsignedLong(text)))
                .orElse(OptionalLong.empty());
    }

    /** The number after a key at the beginning of a line. */
    OptionalLong field(String controller, String file, String key) {
        return text(controller, file).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(key + " "))
                .mapToLong(
                        line -> Long.parseLong(line.substring(key.length() + 1).strip()))
                .findFirst();
    }

    /** The processes in the container's group and those below; empty when it has no group. */
    Optional<List<Integer>> processes() {
        for (var cgroup : plan.all("cgroup")) {
            var directory = Path.of(cgroup.text(2));
            if (Files.exists(directory.resolve("cgroup.procs"))) {
                return Optional.of(processesBelow(directory));
            }
        }
        return Optional.empty();
    }

    private static List<Integer> processesBelow(Path directory) {
        List<Integer> pids = new ArrayList<>();
        try (var all = Files.walk(directory)) {
            all.filter(file -> file.endsWith("cgroup.procs"))
                    .flatMap(file -> read(file).stream())
                    .flatMap(String::lines)
                    .filter(line -> !line.isBlank())
                    .forEach(line -> pids.add(Integer.parseInt(line.strip())));
        } catch (IOException e) {
            return pids; // the container has ended meanwhile
        }
        return pids;
    }

    private Optional<Path> directory(String controller) {
        return plan.all("cgroup").stream()
                .filter(frame -> List.of(frame.text(1).split(",", -1)).contains(controller))
                .map(frame -> Path.of(frame.text(2)))
                .filter(Files::isDirectory)
                .findFirst();
    }

    static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty(); // no such controller here, or the container has ended
        }
    }
}
