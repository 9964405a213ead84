package dev.jcompose.runtime.linux;

import dev.jcompose.model.NetworkConfig;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.Networks;
import dev.jcompose.runtime.linux.network.NetworkStore;
import dev.jcompose.runtime.linux.network.StoredNetwork;
import dev.jcompose.runtime.linux.shim.ContainerState;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.nio.file.Files;

/** The native backend's networks: blocks of addresses on disk; bridges exist while containers use them. */
final class NativeNetworks implements Networks {
    private final NativeLayout layout;
    private final NetworkStore store;
    private final ContainerIndex index;
    private final ContainerStates states;
    private final Supervisors supervisors;

    NativeNetworks(
            NativeLayout layout,
            NetworkStore store,
            ContainerIndex index,
            ContainerStates states,
            Supervisors supervisors) {
        this.layout = layout;
        this.store = store;
        this.index = index;
        this.states = states;
        this.supervisors = supervisors;
    }

    @Override
    public void create(String project, NetworkConfig network) {
        store.create(project, network);
    }

    @Override
    public void remove(String name) {
        var network = store.find(name);
        if (network.isEmpty()) {
            return;
        }
        var users = store.leases(network.get()).owners().stream()
                .filter(id -> index.find(id)
                        .map(states::of)
                        .filter(ContainerState::isAlive)
                        .isPresent())
                .map(id -> id.substring(0, Math.min(12, id.length())))
                .sorted()
                .toList();
        if (!users.isEmpty()) {
            throw new ConflictException("network \"" + name + "\" is in use by container " + String.join(", ", users));
        }
        if (network.get().device().isBridge()) {
            dropBridge(network.get());
        }
        store.remove(network.get());
        FileTrees.deleteIfEmpty(layout.run().resolve("net").resolve(name));
    }

    /**
     * Deleting a bridge takes the kernel long, and needs no doing when the holder of all bridges is about to end with its
     * last project.
     */
    private void dropBridge(StoredNetwork network) {
        if (!Files.exists(layout.run().resolve("holder.sock"))
                || index.projects().isEmpty()) {
            return;
        }
        try {
            supervisors
                    .of(network.project())
                    .ask("drop-network", network.name(), network.device().name());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendException("interrupted while removing network \"" + network.name() + "\"", e);
        }
    }
}
