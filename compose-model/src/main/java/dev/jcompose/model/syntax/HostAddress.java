package dev.jcompose.model.syntax;

/** Numeric IPv4 and IPv6 addresses; never looks up a name. */
public final class HostAddress {
    private HostAddress() {}

    static String unbracketed(String spec, String address) throws SyntaxException {
        var plain =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        if (!plain.isEmpty() && !isNumeric(plain)) {
            throw new SyntaxException("\"" + address + "\" in \"" + spec + "\" is not an IP address");
        }
        return plain;
    }

    /** The address in front of a port, where only brackets tell the colons of IPv6 from the others. */
    static String ofPort(String spec, String address) throws SyntaxException {
        if (address.indexOf(':') >= 0 && !address.startsWith("[")) {
            throw new SyntaxException("the IPv6 address \"" + address + "\" in \"" + spec
                    + "\" must stand in brackets: [" + address + "]");
        }
        return unbracketed(spec, address);
    }

    public static boolean isNumeric(String address) {
        return address.indexOf(':') >= 0 ? isIpv6(address) : isIpv4(address);
    }

    private static boolean isIpv4(String address) {
        var parts = address.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (var part : parts) {
            boolean digits =
                    !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!digits || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIpv6(String address) {
        int zone = address.indexOf('%');
        var plain = zone < 0 ? address : address.substring(0, zone);
        int gap = plain.indexOf("::");
        if (gap >= 0 && plain.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        int groups = 0;
        var halves = gap < 0 ? new String[] {plain} : new String[] {plain.substring(0, gap), plain.substring(gap + 2)};
        for (var half : halves) {
            int count = half.isEmpty() ? 0 : groups(half);
            if (count < 0) {
                return false;
            }
            groups += count;
        }
        return gap < 0 ? groups == 8 : groups < 8;
    }

    /** How many groups, an IPv4 tail counting two; -1 when one is not hexadecimal. */
    private static int groups(String half) {
        var parts = half.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            if (i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
                return isIpv4(parts[i]) ? count + 2 : -1;
            }
            if (parts[i].isEmpty()
                    || parts[i].length() > 4
                    || !parts[i].chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
                return -1;
            }
            count++;
        }
        return count;
    }
}
