package dev.jcompose.runtime.linux.network;

import java.util.HexFormat;
import java.util.Optional;

/** An IPv4 address. */
public record Ipv4(int bits) implements Ip {
    /** From dotted form; empty when it is not one. */
    public static Optional<Ipv4> parse(String text) {
        var parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        int bits = 0;
        for (var part : parts) {
            if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Optional.empty();
            }
            int value = Integer.parseInt(part);
            if (value > 255) {
                return Optional.empty();
            }
            bits = bits << 8 | value;
        }
        return Optional.of(new Ipv4(bits));
    }

    @Override
    public int width() {
        return Integer.SIZE;
    }

    @Override
    public Ipv4 plus(long offset) {
        return new Ipv4((int) (bits + offset));
    }

    @Override
    public Ipv4 masked(int prefix) {
        return new Ipv4(bits & mask(prefix));
    }

    @Override
    public Ipv4 filled(int prefix) {
        return new Ipv4(bits | ~mask(prefix));
    }

    @Override
    public long low() {
        return Integer.toUnsignedLong(bits);
    }

    private static int mask(int prefix) {
        return prefix == 0 ? 0 : -1 << (Integer.SIZE - prefix);
    }

    /** A locally administered hardware address that only this IPv4 address has. */
    public String mac() {
        var hex = HexFormat.ofDelimiter(":");
        return "02:42:"
                + hex.formatHex(
                        new byte[] {(byte) (bits >>> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits});
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >> 16 & 255) + "." + (bits >> 8 & 255) + "." + (bits & 255);
    }
}
