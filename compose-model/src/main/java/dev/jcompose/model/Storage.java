package dev.jcompose.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a service's containers see in their file system besides the image.
 *
 * @param shmSize size of {@code /dev/shm} in bytes
 * @param volumesFrom {@code service[:ro]} or {@code container:name[:ro]} as written
 */
public record Storage(
        List<Mount> mounts,
        boolean readOnly,
        OptionalLong shmSize,
        List<String> volumesFrom,
        List<FileMount> configs,
        List<FileMount> secrets) {
    public Storage {
        mounts = List.copyOf(mounts);
        volumesFrom = List.copyOf(volumesFrom);
        configs = List.copyOf(configs);
        secrets = List.copyOf(secrets);
    }

    /** A config or secret at its absolute place in the container; {@code source} is the project key. */
    public record FileMount(
            String source, String target, Optional<String> uid, Optional<String> gid, OptionalInt mode) {}
}
