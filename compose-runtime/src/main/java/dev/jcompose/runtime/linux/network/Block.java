package dev.jcompose.runtime.linux.network;

import dev.jcompose.runtime.linux.shim.Frame;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The addresses of a network, of one family.
 *
 * @param range where addresses are taken from when none is asked for
 * @param reserved addresses never given out
 */
public record Block(Cidr subnet, Ip gateway, Cidr range, Set<Ip> reserved) {
    public Block {
        reserved = Set.copyOf(reserved);
    }

    /** Whether an address may be given to a container that asked for none. */
    boolean isFree(Ip address) {
        return !address.equals(subnet.first())
                && !address.equals(subnet.last())
                && !address.equals(gateway)
                && !reserved.contains(address);
    }

    /** An address as an interface has it, with the subnet's prefix. */
    public String on(Ip address) {
        return address + "/" + subnet.prefix();
    }

    Frame encode(String key) {
        return Frame.of(key, subnet.toString(), gateway.toString(), range.toString());
    }

    /** {@code reserved} may be of other blocks, too. */
    static Block decode(Frame frame, Set<Ip> reserved) {
        var subnet = Cidr.parse(frame.text(1)).orElseThrow();
        return new Block(
                subnet,
                Ip.parse(frame.text(2)).orElseThrow(),
                Cidr.parse(frame.text(3)).orElseThrow(),
                reserved.stream().filter(subnet::contains).collect(Collectors.toSet()));
    }
}
