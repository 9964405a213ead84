package dev.jcompose.runtime.linux;

import java.util.List;

/** Resource limits of processes in the order of their numbers (getrlimit(2)). */
final class ResourceNames {
    private static final List<String> NAMES = List.of(
            "cpu",
            "fsize",
            "data",
            "stack",
            "core",
            "rss",
            "nproc",
            "nofile",
            "memlock",
            "as",
            "locks",
            "sigpending",
            "msgqueue",
            "nice",
            "rtprio",
            "rttime");

    private ResourceNames() {}

    /** The number of {@code nofile} and its like; negative for what is no limit. */
    static int number(String name) {
        return NAMES.indexOf(name);
    }
}
