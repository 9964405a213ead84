package dev.jcompose.runtime.linux.cgroup;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.layer.UserNamespace;
import dev.jcompose.runtime.linux.shim.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which control group hierarchies this machine has mounted.
 *
 * @param legacy mount point by controller of version 1
 * @param unified mount point of version 2, if any
 * @param unifiedControllers what version 2 controls
 */
public record CgroupLayout(Map<String, Path> legacy, Optional<Path> unified, Set<String> unifiedControllers) {
    private static final Set<String> CONTROLLERS =
            Set.of("cpu", "cpuacct", "cpuset", "memory", "pids", "devices", "freezer", "blkio");

    public CgroupLayout {
        legacy = Map.copyOf(legacy);
        unifiedControllers = Set.copyOf(unifiedControllers);
    }

    /** What this process sees mounted. */
    public static CgroupLayout detect() {
        try {
            var all = parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
            return UserNamespace.isEntered() ? all.delegated(Files.readAllLines(Path.of("/proc/self/cgroup"))) : all;
        } catch (IOException e) {
            throw new BackendException("cannot read /proc/self/mountinfo: " + DurableFile.reason(e), e);
        }
    }

    /**
     * What an ordinary user may use: hierarchies that are theirs, and of version 2 what lies beside our own group, since
     * a group with processes cannot have controlled groups below.
     */
    private CgroupLayout delegated(List<String> own) {
        Map<String, Path> ours = new HashMap<>();
        legacy.forEach((controller, mount) -> {
            if (Files.isWritable(mount)) {
                ours.put(controller, mount);
            }
        });
        var group = own.stream()
                .filter(line -> line.startsWith("0::/"))
                .map(line -> Path.of(line.substring("0::".length())).getParent())
                .filter(Objects::nonNull)
                .findFirst();
        var mine = unified.flatMap(
                        mount -> group.map(path -> mount.resolve(path.toString().substring(1))))
                .filter(Files::isWritable);
        return new CgroupLayout(ours, mine, mine.map(CgroupLayout::controllers).orElse(Set.of()));
    }

    /** From lines of {@code /proc/self/mountinfo} (proc(5)). */
    static CgroupLayout parse(List<String> mountinfo) {
        Map<String, Path> legacy = new HashMap<>();
        Optional<Path> unified = Optional.empty();
        for (var line : mountinfo) {
            int separator = line.indexOf(" - cgroup");
            if (separator < 0) {
                continue;
            }
            var mountPoint = Path.of(line.split(" ", 6)[4]);
            var type = line.substring(separator + 3).split(" ", 3);
            if (type[0].equals("cgroup2")) {
                unified = unified.or(() -> Optional.of(mountPoint));
            } else {
                for (var option : type[2].split(",", -1)) {
                    if (CONTROLLERS.contains(option)) {
                        legacy.putIfAbsent(option, mountPoint);
                    }
                }
            }
        }
        return new CgroupLayout(
                legacy, unified, unified.map(CgroupLayout::controllers).orElse(Set.of()));
    }

    private static Set<String> controllers(Path unified) {
        return DurableFile.read(unified.resolve("cgroup.controllers"))
                .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).strip())
                .map(text -> (Set<String>) new HashSet<>(List.of(text.split(" ", -1))))
                .orElse(Set.of());
    }

    public boolean has(String controller) {
        return legacy.containsKey(controller) || unifiedControllers.contains(controller);
    }

    /** Whether device rules can be enforced; where the kernel does not after all, the helper takes the right to make nodes away. */
    public boolean guardsDevices() {
        return legacy.containsKey("devices") || unified.isPresent();
    }

    /** Whether a controller speaks the words of version 2. */
    boolean isUnified(String controller) {
        return !legacy.containsKey(controller) && unifiedControllers.contains(controller);
    }
}
