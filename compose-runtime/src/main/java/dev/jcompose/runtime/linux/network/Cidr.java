package dev.jcompose.runtime.linux.network;

import java.util.Optional;

/** A block of addresses of one family: {@code 10.201.4.0/24}, {@code fd00:1::/64}. The first one has no bits past the prefix. */
public record Cidr(Ip first, int prefix) {
    /** From {@code address/n}, bits past the prefix dropped; empty when it is not one. */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || slash + 1 == text.length() || text.length() - slash > 4) {
            return Optional.empty();
        }
        var digits = text.substring(slash + 1);
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        int prefix = Integer.parseInt(digits);
        return Ip.parse(text.substring(0, slash))
                .filter(address -> prefix <= address.width())
                .map(address -> of(address, prefix));
    }

    static Cidr of(Ip address, int prefix) {
        return new Cidr(address.masked(prefix), prefix);
    }

    public boolean contains(Ip address) {
        return address.width() == first.width() && address.masked(prefix).equals(first);
    }

    boolean overlaps(Cidr other) {
        return contains(other.first) || other.contains(first);
    }

    public boolean isIpv6() {
        return first instanceof Ipv6;
    }

    Ip last() {
        return first.filled(prefix);
    }

    @Override
    public String toString() {
        return first + "/" + prefix;
    }
}
