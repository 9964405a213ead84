package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.linux.build.RunExecutor.StepMount;
import dev.jcompose.runtime.linux.layer.LayerEntry;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Mount points that a step's container made in its root because they were missing: they are not of the step's making. */
final class Stubs {
    private static final List<String> ALWAYS = List.of("/etc/hosts", "/etc/resolv.conf");

    private final Set<String> missing = new LinkedHashSet<>();

    /** Looks before the step is run. */
    Stubs(LayeredFiles image, List<StepMount> mounts) {
        var targets = new ArrayList<>(ALWAYS);
        mounts.forEach(mount -> targets.add(mount.target()));
        for (var target : targets) {
            var path = image.realPath(target);
            while (!path.isEmpty() && image.findLink(path).isEmpty()) {
                missing.add(path);
                path = path.substring(0, Math.max(0, path.lastIndexOf('/')));
            }
        }
    }

    /** Takes out those that are still empty, the deepest first. */
    void removeFrom(Map<String, LayerEntry> entries) {
        missing.stream()
                .sorted((one, other) -> other.length() - one.length())
                .filter(path -> isEmpty(path, entries))
                .forEach(path -> entries.remove(path));
    }

    private static boolean isEmpty(String path, Map<String, LayerEntry> entries) {
        var entry = entries.get(path);
        if (entry == null) {
            return false;
        }
        return switch (entry.content()) {
            case LayerEntry.Content.Directory directory ->
                entries.keySet().stream().noneMatch(next -> next.startsWith(path + "/"));
            case LayerEntry.Content.Regular file -> file.size() == 0;
            default -> false;
        };
    }
}
