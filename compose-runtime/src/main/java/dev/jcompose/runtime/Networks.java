package dev.jcompose.runtime;

import dev.jcompose.model.NetworkConfig;

/** What a backend can do with networks. */
public interface Networks {
    void create(String project, NetworkConfig network);

    /**
     * Removes a network that no running container uses; {@link ConflictException} when one does. Containers that do not run
     * do not count: they are about to be replaced, which {@code up} does when a network's declaration has changed.
     */
    void remove(String name);
}
