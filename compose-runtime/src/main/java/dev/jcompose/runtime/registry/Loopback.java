package dev.jcompose.runtime.registry;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** What can be told from a host as it is written, without asking a name server. */
final class Loopback {
    private Loopback() {}

    /** {@code localhost}, {@code 127.0.0.0/8} or {@code [::1]}: what never leaves this machine. */
    static boolean is(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.equals("::1") || isInside(host, "127.0.0.0/8");
    }

    /** Whether an IPv4 address is inside a network such as {@code 10.0.0.0/8}; false for names. */
    static boolean isInside(String host, String network) {
        int slash = network.indexOf('/');
        var length = network.substring(slash + 1);
        var base = network.substring(0, slash);
        if (!isAddress(host) || !isAddress(base) || !length.matches("[0-9]{1,2}") || Integer.parseInt(length) > 32) {
            return false;
        }
        int bits = Integer.parseInt(length);
        int mask = bits == 0 ? 0 : -1 << (32 - bits);
        return (number(host) & mask) == (number(base) & mask);
    }

    private static boolean isAddress(String text) {
        return text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")
                && List.of(text.split("\\.", -1)).stream().allMatch(part -> Integer.parseInt(part) < 256);
    }

    private static int number(String address) {
        try {
            int number = 0;
            for (byte part : InetAddress.getByName(address).getAddress()) {
                number = number << 8 | (part & 0xff);
            }
            return number;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }
}
