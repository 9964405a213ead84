package dev.jcompose.runtime.linux.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.model.NetworkConfig;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.linux.shim.DurableFile;
import dev.jcompose.runtime.linux.shim.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32;

/** All networks on disk, of all projects; each has a block of addresses that no other one, and no route of the host, overlaps. */
public final class NetworkStore {
    private static final Ipv4 POOL = new Ipv4(10 << 24 | 201 << 16);
    private static final int POOL_SUBNETS = 256;
    private static final int SUBNET_PREFIX = 24;

    private final Path directory;
    private final Path routes;
    private final ReentrantLock choosing = new ReentrantLock();

    public NetworkStore(Path directory) {
        this(directory, Path.of("/proc/net/route"));
    }

    NetworkStore(Path directory, Path routes) {
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
        var pool = config.pools().stream().findFirst();
        var subnet = pool.flatMap(NetworkConfig.Pool::subnet)
                .map(text -> declared(config, text))
                .orElseGet(() -> free(config));
        var gateway = pool.flatMap(NetworkConfig.Pool::gateway)
                .map(text -> address(config, "gateway", text))
                .orElseGet(() -> subnet.first().plus(1));
        var range = pool.flatMap(NetworkConfig.Pool::ipRange)
                .map(text -> block(config, "ip_range", text))
                .orElse(subnet);
        Set<Ipv4> reserved = new HashSet<>();
        pool.ifPresent(entry ->
                entry.auxAddresses().values().forEach(text -> reserved.add(address(config, "aux_addresses", text))));
        requireInside(config, subnet, gateway, range);
        return new StoredNetwork(
                config.name(),
                project,
                config.key(),
                config.configHash(),
                subnet,
                gateway,
                range,
                reserved,
                bridge(config.name()),
                config.internal());
    }

    private static void requireInside(NetworkConfig config, Cidr subnet, Ipv4 gateway, Cidr range) {
        if (!subnet.contains(gateway)) {
            throw new BackendException(
                    subject(config) + ": gateway " + gateway + " is outside of its subnet " + subnet);
        }
        if (!subnet.contains(range.first()) || range.prefix() < subnet.prefix()) {
            throw new BackendException(subject(config) + ": ip_range " + range + " is outside of its subnet " + subnet);
        }
    }

    private Cidr declared(NetworkConfig config, String text) {
        var subnet = block(config, "subnet", text);
        if (subnet.prefix() > 29) {
            throw new BackendException(subject(config) + ": subnet " + subnet + " is too small; use a /29 or larger");
        }
        for (var other : list()) {
            if (other.subnet().overlaps(subnet)) {
                throw new ConflictException(subject(config) + ": subnet " + subnet + " overlaps " + other.subnet()
                        + " of network \"" + other.name() + "\"");
            }
        }
        for (var route : HostRoutes.read(routes)) {
            if (route.overlaps(subnet)) {
                throw new ConflictException(
                        subject(config) + ": subnet " + subnet + " overlaps the host's route to " + route);
            }
        }
        return subnet;
    }

    private Cidr free(NetworkConfig config) {
        List<Cidr> taken = new ArrayList<>(HostRoutes.read(routes));
        list().forEach(network -> taken.add(network.subnet()));
        for (int i = 0; i < POOL_SUBNETS; i++) {
            var candidate = Cidr.of(POOL.plus((long) i << (32 - SUBNET_PREFIX)), SUBNET_PREFIX);
            if (taken.stream().noneMatch(candidate::overlaps)) {
                return candidate;
            }
        }
        throw new BackendException(subject(config) + ": all " + POOL_SUBNETS + " subnets of " + Cidr.of(POOL, 16)
                + " are in use; remove networks or give it an ipam subnet");
    }

    private static Cidr block(NetworkConfig config, String attribute, String text) {
        return Cidr.parse(text)
                .orElseThrow(() -> new BackendException(subject(config) + ": " + attribute + " \"" + text
                        + "\" is not an IPv4 subnet (like 10.5.0.0/24)"));
    }

    private static Ipv4 address(NetworkConfig config, String attribute, String text) {
        return Ipv4.parse(text)
                .orElseThrow(() -> new BackendException(
                        subject(config) + ": " + attribute + " \"" + text + "\" is not an IPv4 address"));
    }

    private static String subject(NetworkConfig config) {
        return "network \"" + config.name() + "\"";
    }

    /** Device names have 15 characters at most: the name's start for the reader, its checksum for uniqueness. */
    private static String bridge(String name) {
        var checksum = new CRC32();
        checksum.update(name.getBytes(UTF_8));
        var start = name.replaceAll("[^a-zA-Z0-9]", "");
        return "j-" + start.substring(0, Math.min(4, start.length())) + "-" + "%08x".formatted(checksum.getValue());
    }

    /** Forgets a network and gives its addresses back. */
    public void remove(StoredNetwork network) {
        var home = directory.resolve(network.name());
        try {
            Files.deleteIfExists(home.resolve("network"));
            try (var leases = Files.list(home.resolve("leases"))) {
                for (var lease : leases.toList()) {
                    Files.deleteIfExists(lease);
                }
            }
            Files.deleteIfExists(home.resolve("leases"));
            Files.deleteIfExists(home);
        } catch (IOException e) {
            throw new BackendException("cannot remove network \"" + network.name() + "\": " + DurableFile.reason(e), e);
        }
    }
}
