package dev.jcompose.runtime.linux;

import dev.jcompose.model.Mount;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A tmpfs's options as the user writes them, told apart: flags of the mount, data of the file system. */
record TmpfsOptions(List<String> flags, String data) {
    private static final Set<String> FLAGS = Set.of("ro", "nosuid", "nodev", "noexec");
    private static final Set<String> OPPOSITES = Set.of("rw", "suid", "dev", "exec");

    static TmpfsOptions of(Mount.Tmpfs tmpfs) {
        Set<String> flags = new LinkedHashSet<>(List.of("nosuid", "nodev", "noexec"));
        List<String> data = new ArrayList<>();
        if (tmpfs.readOnly()) {
            flags.add("ro");
        }
        tmpfs.sizeBytes().ifPresent(size -> data.add("size=" + size));
        tmpfs.mode().ifPresent(mode -> data.add("mode=" + Integer.toOctalString(mode)));
        for (var option : tmpfs.options().split(",", -1)) {
            if (FLAGS.contains(option)) {
                flags.add(option);
            } else if (OPPOSITES.contains(option)) {
                flags.remove(option.equals("rw") ? "ro" : "no" + option);
            } else if (!option.isEmpty()) {
                data.add(option);
            }
        }
        if (data.stream().noneMatch(option -> option.startsWith("mode="))) {
            data.add("mode=1777");
        }
        return new TmpfsOptions(List.copyOf(flags), String.join(",", data));
    }

    void addTo(ContainerMounts mounts, String target) {
        mounts.put(target, "tmpfs", "tmpfs", flags, data);
    }
}
