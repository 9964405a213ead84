package dev.jcompose.runtime.linux;

import java.util.List;

/** What {@code security_opt} says; {@code =} and {@code :} separate alike. */
final class SecurityOptions {
    private static final List<String> HARMLESS =
            List.of("apparmor=unconfined", "label=disable", "systempaths=confined", "seccomp=builtin");

    private SecurityOptions() {}

    static boolean usesDefaultSeccomp(List<String> options) {
        return options.stream().map(SecurityOptions::normal).noneMatch("seccomp=unconfined"::equals);
    }

    static boolean noNewPrivileges(List<String> options) {
        return options.stream()
                .map(SecurityOptions::normal)
                .anyMatch(option -> option.equals("no-new-privileges") || option.equals("no-new-privileges=true"));
    }

    static boolean isKnown(String option) {
        var normal = normal(option);
        return HARMLESS.contains(normal)
                || normal.equals("seccomp=unconfined")
                || normal.equals("no-new-privileges")
                || normal.equals("no-new-privileges=true")
                || normal.equals("no-new-privileges=false");
    }

    private static String normal(String option) {
        int equals = option.indexOf('=');
        int colon = option.indexOf(':');
        return equals < 0 && colon >= 0 ? option.substring(0, colon) + "=" + option.substring(colon + 1) : option;
    }
}
