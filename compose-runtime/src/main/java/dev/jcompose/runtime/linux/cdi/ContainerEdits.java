package dev.jcompose.runtime.linux.cdi;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;

/** What a container needs so that it can use certain devices. */
public record ContainerEdits(
        List<String> environment, List<DeviceNode> nodes, List<HostMount> mounts, List<String> groups) {
    public static final ContainerEdits NONE = new ContainerEdits(List.of(), List.of(), List.of(), List.of());

    public ContainerEdits {
        environment = List.copyOf(environment);
        nodes = List.copyOf(nodes);
        mounts = List.copyOf(mounts);
        groups = List.copyOf(groups);
    }

    /** A device of the host, the place of its node in the container, and how it may be used ({@code rwm}). */
    public record DeviceNode(String hostPath, String path, String permissions) {}

    /** A file or directory of the host, with options as of mount(8). */
    public record HostMount(String hostPath, String path, List<String> options) {
        public HostMount {
            options = List.copyOf(options);
        }
    }

    static ContainerEdits of(Mapping edits) {
        List<DeviceNode> nodes = new ArrayList<>();
        for (var item : items(edits, "deviceNodes")) {
            if (item instanceof Mapping node) {
                var path = node.text("path").orElse("");
                nodes.add(new DeviceNode(
                        node.text("hostPath").filter(text -> !text.isEmpty()).orElse(path),
                        path,
                        node.text("permissions").filter(text -> !text.isEmpty()).orElse("rwm")));
            }
        }
        List<HostMount> mounts = new ArrayList<>();
        for (var item : items(edits, "mounts")) {
            if (item instanceof Mapping mount) {
                mounts.add(new HostMount(
                        mount.text("hostPath").orElse(""),
                        mount.text("containerPath").orElse(""),
                        texts(mount, "options")));
            }
        }
        return new ContainerEdits(texts(edits, "env"), nodes, mounts, texts(edits, "additionalGids"));
    }

    private static List<YamlNode> items(Mapping mapping, String key) {
        return mapping.sequence(key).map(Sequence::items).orElse(List.of());
    }

    private static List<String> texts(Mapping mapping, String key) {
        return items(mapping, key).stream()
                .filter(Scalar.class::isInstance)
                .map(item -> ((Scalar) item).text())
                .toList();
    }

    ContainerEdits and(ContainerEdits other) {
        return new ContainerEdits(
                joined(environment, other.environment),
                joined(nodes, other.nodes),
                joined(mounts, other.mounts),
                joined(groups, other.groups));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        second.stream().filter(item -> !first.contains(item)).forEach(all::add);
        return all;
    }
}
