package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.cdi.DeviceSpecs;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.DeviceNumbers;
import dev.jcompose.runtime.linux.shim.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The files in {@code /dev}, and which devices may be used at all. */
final class DevicePart {
    /** In a privileged container these are its own. */
    private static final Set<String> NOT_THE_HOSTS = Set.of("pts", "shm", "mqueue", "console", "ptmx", "fd", "core");

    private record Node(String name, int major, int minor) {}

    private static final List<Node> NODES = List.of(
            new Node("null", 1, 3),
            new Node("zero", 1, 5),
            new Node("full", 1, 7),
            new Node("random", 1, 8),
            new Node("urandom", 1, 9),
            new Node("tty", 5, 0));

    /** What Docker lets every container use: making nodes, the nodes above, terminals. */
    private static final List<String> RULES = List.of(
            "c *:* m",
            "b *:* m",
            "c 1:3 rwm",
            "c 1:5 rwm",
            "c 1:7 rwm",
            "c 1:8 rwm",
            "c 1:9 rwm",
            "c 5:0 rwm",
            "c 5:1 rwm",
            "c 5:2 rwm",
            "c 136:* rwm");

    private final ContainerDraft draft;
    private final List<String> rules = new ArrayList<>();

    DevicePart(ContainerDraft draft) {
        this.draft = draft;
    }

    void addTo(ContainerPlan.Builder plan) {
        for (var node : NODES) {
            var major = Integer.toString(node.major());
            plan.add("device", "/dev/" + node.name(), "c", major, Integer.toString(node.minor()), "666", "0", "0");
        }
        plan.add("link", "/dev/fd", "/proc/self/fd")
                .add("link", "/dev/stdin", "/proc/self/fd/0")
                .add("link", "/dev/stdout", "/proc/self/fd/1")
                .add("link", "/dev/stderr", "/proc/self/fd/2")
                .add("link", "/dev/core", "/proc/kcore")
                .add("link", "/dev/ptmx", "pts/ptmx");
        var security = draft.service().security();
        if (security.privileged()) {
            addBelow(plan, Path.of("/dev"), "/dev", "rwm");
        }
        for (var mapping : security.devices()) {
            if (!DeviceSpecs.isName(mapping)) {
                var parts = mapping.split(":", -1);
                var target = parts.length > 1 && !parts[1].isEmpty() ? parts[1] : parts[0];
                add(plan, Path.of(parts[0]), target, parts.length > 2 && !parts[2].isEmpty() ? parts[2] : "rwm");
            }
        }
        draft.edits().nodes().forEach(node -> add(plan, Path.of(node.hostPath()), node.path(), node.permissions()));
        rules.addAll(security.deviceRules());
    }

    /** The devices allowed; none listed means all. */
    List<String> rules() {
        if (draft.service().security().privileged()) {
            return List.of();
        }
        List<String> all = new ArrayList<>(RULES);
        all.addAll(rules);
        return all;
    }

    /** A directory stands for all devices in it. */
    private void add(ContainerPlan.Builder plan, Path host, String target, String permissions) {
        try {
            var source = host.toRealPath();
            if (Files.isDirectory(source)) {
                addBelow(plan, source, target, permissions);
                return;
            }
            var device = DeviceNumbers.of(source);
            var major = Long.toString(device.major());
            var minor = Long.toString(device.minor());
            var mode = Integer.toOctalString(device.mode());
            plan.add("device", target, device.type(), major, minor, mode, device.uid(), device.gid());
            rules.add(device.type() + " " + device.pair() + " " + permissions);
        } catch (IOException e) {
            throw draft.failure("device " + host + ": " + DurableFile.reason(e));
        }
    }

    private void addBelow(ContainerPlan.Builder plan, Path directory, String target, String permissions) {
        List<Path> found = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        } catch (IOException e) {
            throw draft.failure("device " + directory + ": " + DurableFile.reason(e));
        }
        found.sort(null);
        for (var entry : found) {
            var name = String.valueOf(entry.getFileName());
            boolean ours = directory.equals(Path.of("/dev")) && NOT_THE_HOSTS.contains(name);
            if (!ours && !Files.isSymbolicLink(entry) && (Files.isDirectory(entry) || isDevice(entry))) {
                add(plan, entry, target + "/" + name, permissions);
            }
        }
    }

    private static boolean isDevice(Path file) {
        try {
            return !DeviceNumbers.of(file).type().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }
}
