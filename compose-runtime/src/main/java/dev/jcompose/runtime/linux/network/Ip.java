package dev.jcompose.runtime.linux.network;

import java.util.Optional;

/** An address of either family; comparable as the number it is, all of IPv4 before IPv6. */
public sealed interface Ip extends Comparable<Ip> permits Ipv4, Ipv6 {
    /** From text; empty when it is neither. */
    static Optional<Ip> parse(String text) {
        return text.contains(":")
                ? Ipv6.parse(text).map(address -> (Ip) address)
                : Ipv4.parse(text).map(address -> (Ip) address);
    }

    /** How many bits an address of this family has. */
    int width();

    Ip plus(long offset);

    /** The bits past the prefix cleared. */
    Ip masked(int prefix);

    /** The bits past the prefix set. */
    Ip filled(int prefix);

    /** Its last 32 bits, as the number of an address in a block. */
    long low();

    @Override
    default int compareTo(Ip other) {
        return switch (this) {
            case Ipv4 own -> other instanceof Ipv4 that ? Integer.compareUnsigned(own.bits(), that.bits()) : -1;
            case Ipv6 own -> other instanceof Ipv6 that ? own.compare(that) : 1;
        };
    }
}
