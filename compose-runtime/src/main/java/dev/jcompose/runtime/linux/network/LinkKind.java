package dev.jcompose.runtime.linux.network;

import java.util.Locale;

/** How containers are joined to a network. */
public enum LinkKind {
    /** By a pair of links to a bridge of ours. */
    BRIDGE,
    /** By a link of its own, with a hardware address of its own, on a link of the host. */
    MACVLAN,
    /** By a link that shares the hardware address of a link of the host. */
    IPVLAN;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
