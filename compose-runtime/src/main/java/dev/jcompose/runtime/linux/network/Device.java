package dev.jcompose.runtime.linux.network;

import dev.jcompose.runtime.linux.shim.Frame;
import java.util.Locale;
import java.util.Optional;

/**
 * What the kernel has of a network.
 *
 * @param name the bridge, at most 15 characters; of the other kinds the host's link that containers' links lie on
 * @param mode of the other kinds, such as {@code private} or {@code l3}; empty for the usual one
 * @param mtu the largest packet, 0 for the kernel's choice
 * @param isolated whether containers cannot reach each other
 * @param prefix what names of interfaces inside begin with
 * @param hostIp the host's address of ports published without one; empty for all
 */
public record Device(
        LinkKind kind, String name, String mode, int mtu, boolean isolated, String prefix, Optional<String> hostIp) {
    private static final String KEY = "device";

    public boolean isBridge() {
        return kind == LinkKind.BRIDGE;
    }

    Frame encode() {
        return Frame.of(
                KEY, kind.word(), name, mode, Integer.toString(mtu), isolated ? "1" : "0", prefix, hostIp.orElse(""));
    }

    static Device decode(Frame frame) {
        return new Device(
                LinkKind.valueOf(frame.text(1).toUpperCase(Locale.ROOT)),
                frame.text(2),
                frame.text(3),
                Integer.parseInt(frame.text(4)),
                frame.text(5).equals("1"),
                frame.text(6),
                Optional.of(frame.text(7)).filter(text -> !text.isEmpty()));
    }
}
