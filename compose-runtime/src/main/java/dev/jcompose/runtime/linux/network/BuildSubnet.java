package dev.jcompose.runtime.linux.network;

import dev.jcompose.runtime.BackendException;

/** The addresses of build steps: a block that overlaps no network and no route of the host, kept nowhere. */
public record BuildSubnet(Ipv4 first) {
    /** How many bits of an address say which block it is of. */
    public static final int PREFIX = 24;

    private static final Ipv4 POOL = new Ipv4(10 << 24 | 202 << 16);
    private static final int SUBNETS = 256;
    private static final int RESERVED = 2;

    /** The first free block. */
    public static BuildSubnet of(NetworkStore networks) {
        var taken = networks.taken();
        for (int i = 0; i < SUBNETS; i++) {
            var candidate = POOL.plus((long) i << (32 - PREFIX));
            if (taken.stream().noneMatch(Cidr.of(candidate, PREFIX)::overlaps)) {
                return new BuildSubnet(candidate);
            }
        }
        throw new BackendException("no network for build steps: all of " + Cidr.of(POOL, 16)
                + " is in use; use build.network \"host\" or \"none\"");
    }

    public Ipv4 gateway() {
        return first.plus(1);
    }

    /** The address of a step by the number of its place. */
    public Ipv4 address(int place) {
        return first.plus((long) RESERVED + place);
    }

    /** The device all of them are connected by. */
    public String bridge() {
        return "j-build-" + first.toString().split("\\.", -1)[2];
    }
}
