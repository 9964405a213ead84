package dev.jcompose.runtime.linux.network;

import java.util.Optional;

/** A block of IPv4 addresses: {@code 10.201.4.0/24}. The first address has no bits past the prefix. */
public record Cidr(Ipv4 first, int prefix) {
    /** From {@code a.b.c.d/n}, bits past the prefix dropped; empty when it is not one. */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || slash + 1 == text.length() || text.length() - slash > 3) {
            return Optional.empty();
        }
        var digits = text.substring(slash + 1);
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9') || Integer.parseInt(digits) > 32) {
            return Optional.empty();
        }
        return Ipv4.parse(text.substring(0, slash)).map(address -> of(address, Integer.parseInt(digits)));
    }

    static Cidr of(Ipv4 address, int prefix) {
        return new Cidr(new Ipv4(address.bits() & mask(prefix)), prefix);
    }

    static int mask(int prefix) {
        return prefix == 0 ? 0 : -1 << (32 - prefix);
    }

    public boolean contains(Ipv4 address) {
        return (address.bits() & mask(prefix)) == first.bits();
    }

    boolean overlaps(Cidr other) {
        return contains(other.first) || other.contains(first);
    }

    /** How many addresses it has. */
    long size() {
        return 1L << (32 - prefix);
    }

    Ipv4 last() {
        return first.plus(size() - 1);
    }

    @Override
    public String toString() {
        return first + "/" + prefix;
    }
}
