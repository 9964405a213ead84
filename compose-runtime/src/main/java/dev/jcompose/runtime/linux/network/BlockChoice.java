package dev.jcompose.runtime.linux.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.model.NetworkConfig;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.linux.network.HostRoutes.Route;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Chooses the addresses of a new network: those declared, else a block that nobody else uses. */
final class BlockChoice {
    private static final Ipv4 POOL = new Ipv4(10 << 24 | 201 << 16);
    private static final int POOL_SUBNETS = 256;
    private static final int SUBNET_PREFIX = 24;
    private static final int SMALLEST_PREFIX = 29;
    private static final int SUBNET_PREFIX_6 = 64;
    private static final int SMALLEST_PREFIX_6 = 125;
    private static final int ATTEMPTS = 100;

    private final NetworkConfig config;
    private final boolean ownBridge;
    private final List<Route> routes;
    private final List<StoredNetwork> others;

    /** Without a bridge of its own a network lies in one that the host has routes to already. */
    BlockChoice(NetworkConfig config, boolean ownBridge, HostRoutes routes, List<StoredNetwork> others) {
        this.config = config;
        this.ownBridge = ownBridge;
        this.routes = routes.read();
        this.others = others;
    }

    Block ipv4() {
        return block(pool(false), this::free);
    }

    Optional<Block> ipv6() {
        var pool = pool(true);
        return pool.isPresent() || config.enableIpv6().orElse(false)
                ? Optional.of(block(pool, this::freeLocal))
                : Optional.empty();
    }

    /** The declared pool of that family; one without a subnet is IPv4's. */
    private Optional<NetworkConfig.Pool> pool(boolean ipv6) {
        return config.pools().stream()
                .filter(entry -> entry.subnet().orElse("").contains(":") == ipv6)
                .findFirst();
    }

    private interface Chooser {
        Cidr choose();
    }

    private Block block(Optional<NetworkConfig.Pool> pool, Chooser chooser) {
        var subnet =
                pool.flatMap(NetworkConfig.Pool::subnet).map(this::declared).orElseGet(chooser::choose);
        var gateway = pool.flatMap(NetworkConfig.Pool::gateway)
                .map(text -> address("gateway", text))
                .orElseGet(() -> subnet.first().plus(1));
        var range = pool.flatMap(NetworkConfig.Pool::ipRange)
                .map(text -> cidr("ip_range", text))
                .orElse(subnet);
        Set<Ip> reserved = new HashSet<>();
        pool.ifPresent(
                entry -> entry.auxAddresses().values().forEach(text -> reserved.add(address("aux_addresses", text))));
        requireInside(subnet, gateway, range);
        return new Block(subnet, gateway, range, reserved);
    }

    private void requireInside(Cidr subnet, Ip gateway, Cidr range) {
        if (!subnet.contains(gateway)) {
            throw new BackendException(subject() + ": gateway " + gateway + " is outside of its subnet " + subnet);
        }
        if (!subnet.contains(range.first()) || range.prefix() < subnet.prefix()) {
            throw new BackendException(subject() + ": ip_range " + range + " is outside of its subnet " + subnet);
        }
    }

    private Cidr declared(String text) {
        var subnet = cidr("subnet", text);
        int smallest = subnet.isIpv6() ? SMALLEST_PREFIX_6 : SMALLEST_PREFIX;
        if (subnet.prefix() > smallest) {
            throw new BackendException(
                    subject() + ": subnet " + subnet + " is too small; use a /" + smallest + " or larger");
        }
        for (var other : others) {
            other.subnets().stream().filter(subnet::overlaps).findFirst().ifPresent(taken -> {
                throw new ConflictException(subject() + ": subnet " + subnet + " overlaps " + taken + " of network \""
                        + other.name() + "\"");
            });
        }
        for (var route : routes) {
            if (ownBridge && route.block().overlaps(subnet)) {
                throw new ConflictException(subject() + ": subnet " + subnet + " overlaps the host's route to "
                        + route.block() + " through " + route.link());
            }
        }
        return subnet;
    }

    private boolean isFree(Cidr candidate) {
        return routes.stream().noneMatch(route -> route.block().overlaps(candidate))
                && others.stream().flatMap(other -> other.subnets().stream()).noneMatch(candidate::overlaps);
    }

    private Cidr free() {
        for (int i = 0; i < POOL_SUBNETS; i++) {
            var candidate = Cidr.of(POOL.plus((long) i << (Integer.SIZE - SUBNET_PREFIX)), SUBNET_PREFIX);
            if (isFree(candidate)) {
                return candidate;
            }
        }
        throw new BackendException(subject() + ": all " + POOL_SUBNETS + " subnets of " + Cidr.of(POOL, 16)
                + " are in use; remove networks or give it an ipam subnet");
    }

    /** A unique local block (RFC 4193) that the network's name leads to, so that it is the same when made anew. */
    private Cidr freeLocal() {
        for (int i = 0; i < ATTEMPTS; i++) {
            var candidate = Cidr.of(new Ipv6(localPrefix(config.name() + "\n" + i), 0), SUBNET_PREFIX_6);
            if (isFree(candidate)) {
                return candidate;
            }
        }
        throw new BackendException(subject() + ": no free IPv6 subnet; give it an ipam subnet");
    }

    private static long localPrefix(String seed) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(seed.getBytes(UTF_8));
            return 0xfdL << 56 | ByteBuffer.wrap(digest).getLong() >>> 8;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private Cidr cidr(String attribute, String text) {
        return Cidr.parse(text)
                .orElseThrow(() -> new BackendException(subject() + ": " + attribute + " \"" + text
                        + "\" is not a subnet (like 10.5.0.0/24 or fd00:5::/64)"));
    }

    private Ip address(String attribute, String text) {
        return Ip.parse(text)
                .orElseThrow(() ->
                        new BackendException(subject() + ": " + attribute + " \"" + text + "\" is not an IP address"));
    }

    private String subject() {
        return "network \"" + config.name() + "\"";
    }
}
