package dev.jcompose.runtime.linux;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What root inside a container may still do (capabilities(7)); {@code names} and {@code mask} say the same. */
record Capabilities(Set<String> names, long mask) {
    private static final List<String> ALL = List.of(
            "CHOWN",
            "DAC_OVERRIDE",
            "DAC_READ_SEARCH",
            "FOWNER",
            "FSETID",
            "KILL",
            "SETGID",
            "SETUID",
            "SETPCAP",
            "LINUX_IMMUTABLE",
            "NET_BIND_SERVICE",
            "NET_BROADCAST",
            "NET_ADMIN",
            "NET_RAW",
            "IPC_LOCK",
            "IPC_OWNER",
            "SYS_MODULE",
            "SYS_RAWIO",
            "SYS_CHROOT",
            "SYS_PTRACE",
            "SYS_PACCT",
            "SYS_ADMIN",
            "SYS_BOOT",
            "SYS_NICE",
            "SYS_RESOURCE",
            "SYS_TIME",
            "SYS_TTY_CONFIG",
            "MKNOD",
            "LEASE",
            "AUDIT_WRITE",
            "AUDIT_CONTROL",
            "SETFCAP",
            "MAC_OVERRIDE",
            "MAC_ADMIN",
            "SYSLOG",
            "WAKE_ALARM",
            "BLOCK_SUSPEND",
            "AUDIT_READ",
            "PERFMON",
            "BPF",
            "CHECKPOINT_RESTORE");

    /** Docker's own choice. */
    private static final Set<String> DEFAULT = Set.of(
            "CHOWN",
            "DAC_OVERRIDE",
            "FSETID",
            "FOWNER",
            "MKNOD",
            "NET_RAW",
            "SETGID",
            "SETUID",
            "SETFCAP",
            "SETPCAP",
            "NET_BIND_SERVICE",
            "SYS_CHROOT",
            "KILL",
            "AUDIT_WRITE");

    /** The set a service gets; {@code devicesGuarded} false takes MKNOD out of the default, since a node would be usable. */
    static Capabilities of(boolean privileged, List<String> add, List<String> drop, boolean devicesGuarded) {
        if (privileged) {
            return of(new HashSet<>(ALL));
        }
        Set<String> names = new HashSet<>(DEFAULT);
        if (!devicesGuarded) {
            names.remove("MKNOD");
        }
        if (contains(drop, "ALL")) {
            names.clear();
        }
        if (contains(add, "ALL")) {
            names.addAll(ALL);
        }
        drop.forEach(name -> names.remove(normal(name)));
        add.stream().map(Capabilities::normal).filter(ALL::contains).forEach(names::add);
        return of(names);
    }

    private static Capabilities of(Set<String> names) {
        long mask = 0;
        for (var name : names) {
            mask |= 1L << ALL.indexOf(name);
        }
        return new Capabilities(Set.copyOf(names), mask);
    }

    private static boolean contains(List<String> names, String wanted) {
        return names.stream().anyMatch(name -> normal(name).equals(wanted));
    }

    static boolean isKnown(String name) {
        return normal(name).equals("ALL") || ALL.contains(normal(name));
    }

    private static String normal(String name) {
        var upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("CAP_") ? upper.substring(4) : upper;
    }

    String hex() {
        return Long.toHexString(mask);
    }
}
