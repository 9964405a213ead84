package dev.jcompose.runtime.linux.network;

import java.util.Optional;

/** An IPv6 address: its first and its last 64 bits. */
public record Ipv6(long high, long low) implements Ip {
    private static final int GROUPS = 8;

    /** From colon form, also with an IPv4 address at its end; empty when it is not one. */
    public static Optional<Ipv6> parse(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        var head = gap < 0 ? groups(text) : groups(text.substring(0, gap));
        var tail = gap < 0 ? Optional.of(new int[0]) : groups(text.substring(gap + 2));
        if (head.isEmpty() || tail.isEmpty()) {
            return Optional.empty();
        }
        int given = head.get().length + tail.get().length;
        if (gap < 0 ? given != GROUPS : given >= GROUPS) {
            return Optional.empty();
        }
        var all = new int[GROUPS];
        System.arraycopy(head.get(), 0, all, 0, head.get().length);
        System.arraycopy(tail.get(), 0, all, GROUPS - tail.get().length, tail.get().length);
        return Optional.of(new Ipv6(join(all, 0), join(all, GROUPS / 2)));
    }

    private static Optional<int[]> groups(String text) {
        if (text.isEmpty()) {
            return Optional.of(new int[0]);
        }
        int last = text.lastIndexOf(':') + 1;
        if (text.indexOf('.') >= 0) {
            var dotted = Ipv4.parse(text.substring(last));
            if (dotted.isEmpty()) {
                return Optional.empty();
            }
            int bits = dotted.get().bits();
            return groups(text.substring(0, last) + Integer.toHexString(bits >>> 16) + ":"
                    + Integer.toHexString(bits & 0xffff));
        }
        var parts = text.split(":", -1);
        var groups = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].isEmpty()
                    || parts[i].length() > 4
                    || !parts[i].chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
                return Optional.empty();
            }
            groups[i] = Integer.parseInt(parts[i], 16);
        }
        return Optional.of(groups);
    }

    private static long join(int[] groups, int from) {
        long bits = 0;
        for (int i = from; i < from + GROUPS / 2; i++) {
            bits = bits << 16 | groups[i];
        }
        return bits;
    }

    @Override
    public int width() {
        return 2 * Long.SIZE;
    }

    @Override
    public Ipv6 plus(long offset) {
        long sum = low + offset;
        return new Ipv6(Long.compareUnsigned(sum, low) < 0 ? high + 1 : high, sum);
    }

    @Override
    public Ipv6 masked(int prefix) {
        return new Ipv6(high & mask(prefix), low & mask(prefix - Long.SIZE));
    }

    @Override
    public Ipv6 filled(int prefix) {
        return new Ipv6(high | ~mask(prefix), low | ~mask(prefix - Long.SIZE));
    }

    private static long mask(int prefix) {
        return prefix <= 0 ? 0 : -1L << (Long.SIZE - Math.min(prefix, Long.SIZE));
    }

    int compare(Ipv6 other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    private int group(int index) {
        long half = index < GROUPS / 2 ? high : low;
        int shift = 16 * (GROUPS / 2 - 1 - index % (GROUPS / 2));
        return (int) (half >>> shift) & 0xffff;
    }

    /** The canonical form (RFC 5952): the longest run of zeros left out. */
    @Override
    public String toString() {
        int start = -1;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && group(end) == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }
}
