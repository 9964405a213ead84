package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files in {@code /dev}, and which devices may be used at all. */
final class DevicePart {
    private static final int FILE_TYPE = 0170000;
    private static final int BLOCK_DEVICE = 0060000;
    private static final int CHARACTER_DEVICE = 0020000;

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
        for (var mapping : draft.service().security().devices()) {
            add(plan, mapping);
        }
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

    /** {@code host[:container[:permissions]]}. */
    private void add(ContainerPlan.Builder plan, String mapping) {
        var parts = mapping.split(":", -1);
        var target = parts.length > 1 && !parts[1].isEmpty() ? parts[1] : parts[0];
        var permissions = parts.length > 2 ? parts[2] : "rwm";
        try {
            var source = Path.of(parts[0]).toRealPath();
            int mode = (int) Files.getAttribute(source, "unix:mode");
            long device = ((Number) Files.getAttribute(source, "unix:rdev")).longValue();
            var type = type(mode, mapping);
            var major = Long.toString(((device >> 8) & 0xfff) | ((device >>> 32) & ~0xfffL));
            var minor = Long.toString((device & 0xff) | ((device >>> 12) & 0xffffff00L));
            var owner = Files.getAttribute(source, "unix:uid").toString();
            var group = Files.getAttribute(source, "unix:gid").toString();
            plan.add("device", target, type, major, minor, Integer.toOctalString(mode & 07777), owner, group);
            rules.add(type + " " + major + ":" + minor + " " + permissions);
        } catch (IOException e) {
            throw draft.failure("device " + parts[0] + ": " + DurableFile.reason(e));
        }
    }

    private String type(int mode, String mapping) {
        return switch (mode & FILE_TYPE) {
            case BLOCK_DEVICE -> "b";
            case CHARACTER_DEVICE -> "c";
            default -> throw draft.failure("device " + mapping + ": it is not a device");
        };
    }
}
