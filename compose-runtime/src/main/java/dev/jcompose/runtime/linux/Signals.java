package dev.jcompose.runtime.linux;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** Signals by name (signal(7), the numbers of x86 and ARM). */
final class Signals {
    private static final List<String> NAMES = List.of(
            "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
            "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM",
            "PROF", "WINCH", "IO", "PWR", "SYS");
    private static final int RTMIN = 34;
    private static final int RTMAX = 64;

    private Signals() {}

    /** The number of {@code SIGTERM}, {@code term} or {@code 15}; empty for what is no signal. */
    static OptionalInt number(String text) {
        var name = text.strip().toUpperCase(Locale.ROOT);
        if (!name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() < 4) {
            int number = Integer.parseInt(name);
            return number >= 1 && number <= RTMAX ? OptionalInt.of(number) : OptionalInt.empty();
        }
        if (name.startsWith("SIG")) {
            name = name.substring(3);
        }
        if (name.startsWith("RTMIN") || name.startsWith("RTMAX")) {
            return realTime(name);
        }
        int number = name.isEmpty() ? -1 : NAMES.indexOf(name);
        return number > 0 ? OptionalInt.of(number) : OptionalInt.empty();
    }

    /** {@code RTMIN}, {@code RTMIN+3}, {@code RTMAX-2}. */
    private static OptionalInt realTime(String name) {
        int base = name.startsWith("RTMIN") ? RTMIN : RTMAX;
        var offset = name.substring(5);
        if (offset.isEmpty()) {
            return OptionalInt.of(base);
        }
        if (!offset.matches("[+-][0-9]{1,2}")) {
            return OptionalInt.empty();
        }
        int number = base + Integer.parseInt(offset);
        return number >= RTMIN && number <= RTMAX ? OptionalInt.of(number) : OptionalInt.empty();
    }
}
