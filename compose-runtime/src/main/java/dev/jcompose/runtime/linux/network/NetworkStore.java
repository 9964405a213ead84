package dev.jcompose.runtime.linux.network;

import dev.jcompose.model.NetworkConfig;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.shim.DurableFile;
import dev.jcompose.runtime.linux.shim.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** All networks on disk, of all projects; each has a block of addresses that no other one, and no route of the host, overlaps. */
public final class NetworkStore {
    private static final Path PROC = Path.of("/proc/net");

    private final Path directory;
    private final HostRoutes routes;
    private final ReentrantLock choosing = new ReentrantLock();

    public NetworkStore(Path directory) {
        this(directory, new HostRoutes(PROC.resolve("route"), PROC.resolve("ipv6_route")));
    }

    NetworkStore(Path directory, HostRoutes routes) {
        this.directory = directory;
        this.routes = routes;
    }

    public Optional<StoredNetwork> find(String name) {
        return DurableFile.read(directory.resolve(name).resolve("network")).flatMap(StoredNetwork::decode);
    }

    /** Every network, in order of names. */
    public List<StoredNetwork> list() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> find(String.valueOf(entry.getFileName())))
                    .flatMap(Optional::stream)
                    .sorted((one, other) -> one.name().compareTo(other.name()))
                    .toList();
        } catch (IOException e) {
            throw new BackendException("cannot list " + directory + ": " + DurableFile.reason(e), e);
        }
    }

    public AddressLeases leases(StoredNetwork network) {
        return new AddressLeases(network, directory.resolve(network.name()).resolve("leases"));
    }

    /** Makes the network; one that exists already is left as it is. */
    public StoredNetwork create(String project, NetworkConfig config) {
        choosing.lock(); // among threads: a process has a file's lock as a whole
        try {
            return createAlone(project, config);
        } finally {
            choosing.unlock();
        }
    }

    private StoredNetwork createAlone(String project, NetworkConfig config) {
        var lock = LockFile.acquire(directory.resolve(".lock"));
        try {
            return find(config.name()).orElseGet(() -> store(choose(project, config)));
        } finally {
            lock.close();
        }
    }

    /** Every block that a network or a route of the host has. */
    List<Cidr> taken() {
        return Stream.concat(
                        routes.read().stream().map(HostRoutes.Route::block),
                        list().stream().flatMap(network -> network.subnets().stream()))
                .toList();
    }

    private StoredNetwork store(StoredNetwork network) {
        var home = directory.resolve(network.name());
        try {
            Files.createDirectories(home.resolve("leases"));
        } catch (IOException e) {
            throw new BackendException("cannot create " + home + ": " + DurableFile.reason(e), e);
        }
        DurableFile.replace(home.resolve("network"), network.encode());
        return network;
    }

    private StoredNetwork choose(String project, NetworkConfig config) {
        var device = NetworkDriver.device(config);
        var blocks = new BlockChoice(config, device.isBridge(), routes, list());
        return new StoredNetwork(
                config.name(),
                project,
                config.key(),
                config.configHash(),
                blocks.ipv4(),
                blocks.ipv6(),
                device,
                config.internal());
    }

    /** Forgets a network and gives its addresses back. */
    public void remove(StoredNetwork network) {
        var home = directory.resolve(network.name());
        try {
            Files.deleteIfExists(home.resolve("network"));
            try (var rest = Files.walk(home)) { // also what a killed command was writing
                for (var file : rest.toList().reversed()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new BackendException("cannot remove network \"" + network.name() + "\": " + DurableFile.reason(e), e);
        }
    }
}
