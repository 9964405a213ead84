package dev.jcompose.runtime.linux.network;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.jcompose.runtime.linux.shim.DurableFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The blocks of addresses the host itself has routes to, which no network of ours may hide: also those of other tools'
 * networks.
 *
 * @param ipv4 a file in the form of {@code /proc/net/route}
 * @param ipv6 a file in the form of {@code /proc/net/ipv6_route}
 */
record HostRoutes(Path ipv4, Path ipv6) {
    private static final Set<Cidr> OF_EVERY_LINK = Set.of(
            Cidr.parse("fe80::/64").orElseThrow(),
            Cidr.parse("ff00::/8").orElseThrow(),
            Cidr.parse("::/0").orElseThrow());
    private static final int IPV6_FIELDS = 10;

    /** A route to a block, and the link it goes through. */
    record Route(Cidr block, String link) {}

    /** All but the default routes. */
    List<Route> read() {
        List<Route> routes = new ArrayList<>();
        for (var line : text(ipv4).split("\n", -1)) {
            var fields = line.split("\t", -1);
            if (fields.length > 7 && fields[1].length() == 8 && !fields[7].equals("00000000")) {
                int prefix = Integer.bitCount(address(fields[7]).bits());
                routes.add(new Route(Cidr.of(address(fields[1]), prefix), fields[0].strip()));
            }
        }
        for (var line : text(ipv6).split("\n", -1)) {
            var fields = line.strip().split(" +", -1);
            if (fields.length == IPV6_FIELDS && !fields[9].equals("lo")) {
                var first = new Ipv6(half(fields[0].substring(0, 16)), half(fields[0].substring(16)));
                var block = Cidr.of(first, Integer.parseInt(fields[1], 16));
                if (!OF_EVERY_LINK.contains(block)) {
                    routes.add(new Route(block, fields[9]));
                }
            }
        }
        return routes;
    }

    private static String text(Path file) {
        return DurableFile.read(file).map(bytes -> new String(bytes, US_ASCII)).orElse("");
    }

    private static long half(String hex) {
        return Long.parseUnsignedLong(hex, 16);
    }

    /** Hexadecimal of the number in memory, lowest byte first. */
    private static Ipv4 address(String hex) {
        return new Ipv4(Integer.reverseBytes(Integer.parseUnsignedInt(hex.strip(), 16)));
    }
}
