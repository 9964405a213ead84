package dev.jcompose.runtime.linux;

import java.util.List;

/**
 * Who a process runs as.
 *
 * @param groups further groups
 * @param home its home directory; {@code /} when nobody knows
 */
record Identity(long uid, long gid, List<Long> groups, String home) {
    Identity {
        groups = List.copyOf(groups);
    }
}
