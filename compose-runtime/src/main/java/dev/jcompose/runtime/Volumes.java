package dev.jcompose.runtime;

import dev.jcompose.model.VolumeConfig;

/** What a backend can do with volumes. */
public interface Volumes {
    void create(String project, VolumeConfig volume);

    /** Where a volume's data is. */
    String mountpoint(String name);

    /** Removes a volume and its data; {@link ConflictException} when a container uses it. */
    void remove(String name);
}
