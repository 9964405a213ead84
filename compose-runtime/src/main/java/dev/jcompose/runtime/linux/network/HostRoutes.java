package dev.jcompose.runtime.linux.network;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.jcompose.runtime.linux.shim.DurableFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The blocks of addresses the host itself has routes to, which no network of ours may hide. */
final class HostRoutes {
    private HostRoutes() {}

    /** From a file in the form of {@code /proc/net/route}, the default route left out. */
    static List<Cidr> read(Path file) {
        List<Cidr> routes = new ArrayList<>();
        var text =
                DurableFile.read(file).map(bytes -> new String(bytes, US_ASCII)).orElse("");
        for (var line : text.split("\n", -1)) {
            var fields = line.split("\t", -1);
            if (fields.length > 7 && fields[1].length() == 8 && !fields[7].equals("00000000")) {
                routes.add(Cidr.of(
                        address(fields[1]), Integer.bitCount(address(fields[7]).bits())));
            }
        }
        return routes;
    }

    /** Hexadecimal of the number in memory, lowest byte first. */
    private static Ipv4 address(String hex) {
        return new Ipv4(Integer.reverseBytes(Integer.parseUnsignedInt(hex.strip(), 16)));
    }
}
