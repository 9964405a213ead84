package dev.jcompose.model.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Short port syntax: {@code [[ip:][published]:]target[/protocol]} with ranges {@code a-b} on both sides. */
public final class PortSyntax {
    private PortSyntax() {}

    /** One port of the short syntax; {@code published} and {@code hostIp} are empty when not given. */
    public record Port(String hostIp, String published, int target, String protocol) {}

    private record Range(int first, int last) {
        int length() {
            return last - first + 1;
        }
    }

    public static List<Port> parse(String spec) throws SyntaxException {
        int slash = spec.lastIndexOf('/');
        var protocol = slash < 0 ? "" : spec.substring(slash + 1).toLowerCase(Locale.ROOT);
        var rest = slash < 0 ? spec : spec.substring(0, slash);
        int colon = rest.lastIndexOf(':');
        var target = rest.substring(colon + 1);
        if (target.isEmpty()) {
            throw new SyntaxException("no port in \"" + spec + "\" (write [[ip:]published:]target[/protocol])");
        }
        var front = colon < 0 ? "" : rest.substring(0, colon);
        int ipEnd = front.lastIndexOf(':');
        var ip = ipEnd < 0 ? "" : HostAddress.ofPort(spec, front.substring(0, ipEnd));
        return expand(spec, ip, front.substring(ipEnd + 1), target, protocol(spec, protocol));
    }

    private static String protocol(String spec, String protocol) throws SyntaxException {
        return switch (protocol) {
            case "" -> "tcp";
            case "tcp", "udp", "sctp" -> protocol;
            default ->
                throw new SyntaxException(
                        "unknown protocol \"" + protocol + "\" in port \"" + spec + "\" (tcp, udp or sctp)");
        };
    }

    private static List<Port> expand(String spec, String ip, String published, String target, String protocol)
            throws SyntaxException {
        var targets = range(spec, "container port", target);
        if (targets.last() == 0) {
            throw new SyntaxException("the container port in \"" + spec + "\" must be 1 to 65535");
        }
        var ports = new ArrayList<Port>(targets.length());
        if (published.isEmpty()) {
            for (int i = targets.first(); i <= targets.last(); i++) {
                ports.add(new Port(ip, "", i, protocol));
            }
            return ports;
        }
        var hosts = range(spec, "host port", published);
        if (hosts.length() != targets.length()) {
            if (targets.length() != 1) {
                throw new SyntaxException("the ranges " + published + " and " + target + " differ in length");
            }
            return List.of(new Port(ip, published, targets.first(), protocol));
        }
        for (int i = 0; i < targets.length(); i++) {
            ports.add(new Port(ip, Integer.toString(hosts.first() + i), targets.first() + i, protocol));
        }
        return ports;
    }

    private static Range range(String spec, String what, String text) throws SyntaxException {
        int dash = text.indexOf('-', 1);
        int first = number(spec, what, dash < 0 ? text : text.substring(0, dash));
        int last = dash < 0 ? first : number(spec, what, text.substring(dash + 1));
        if (last < first) {
            throw new SyntaxException("the " + what + " range " + text + " ends before it starts");
        }
        return new Range(first, last);
    }

    private static int number(String spec, String what, String text) throws SyntaxException {
        int value = -1;
        if (!text.isEmpty() && text.length() <= 8 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            value = Integer.parseInt(text);
        }
        if (value < 0 || value > 65535) {
            throw new SyntaxException("invalid " + what + " \"" + text + "\" in \"" + spec + "\" (0 to 65535)");
        }
        return value;
    }
}
