package dev.jcompose.runtime.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.seccomp.SeccompDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code security_opt} says; {@code =} and {@code :} separate alike. */
record SecurityOptions(Path directory) {
    private static final List<String> WORDS = List.of(
            "apparmor=unconfined",
            "label=disable",
            "systempaths=confined",
            "systempaths=unconfined",
            "seccomp=builtin",
            "seccomp=unconfined",
            "no-new-privileges",
            "no-new-privileges=true",
            "no-new-privileges=false");
    private static final String SECCOMP = "seccomp=";
    private static final String APPARMOR = "apparmor=";
    private static final Path APPARMOR_PROFILES = Path.of("/sys/kernel/security/apparmor/profiles");

    static boolean usesDefaultSeccomp(List<String> options) {
        return options.stream()
                .map(SecurityOptions::normal)
                .noneMatch(option -> option.startsWith(SECCOMP) && !option.equals("seccomp=builtin"));
    }

    static boolean noNewPrivileges(List<String> options) {
        return options.stream()
                .map(SecurityOptions::normal)
                .anyMatch(option -> option.equals("no-new-privileges") || option.equals("no-new-privileges=true"));
    }

    static boolean hidesPaths(List<String> options) {
        return options.stream().map(SecurityOptions::normal).noneMatch("systempaths=unconfined"::equals);
    }

    /** The AppArmor profile to run under, if one is named. */
    static Optional<String> apparmor(List<String> options) {
        return options.stream()
                .map(SecurityOptions::normal)
                .filter(option -> option.startsWith(APPARMOR))
                .map(option -> option.substring(APPARMOR.length()))
                .filter(profile -> !profile.equals("unconfined"))
                .findFirst();
    }

    /** The file with the filter of system calls, if one is named. */
    Optional<SeccompDocument> seccomp(List<String> options) {
        return options.stream()
                .map(SecurityOptions::normal)
                .filter(option -> option.startsWith(SECCOMP) && !WORDS.contains(option))
                .map(option -> directory.resolve(option.substring(SECCOMP.length())))
                .map(SecurityOptions::read)
                .findFirst();
    }

    /** Why an option cannot be honoured. */
    Optional<String> problem(String option) {
        var normal = normal(option);
        if (WORDS.contains(normal)) {
            return Optional.empty();
        }
        if (normal.startsWith(SECCOMP)) {
            try {
                seccomp(List.of(option));
                return Optional.empty();
            } catch (BackendException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
        if (normal.startsWith(APPARMOR)) {
            return apparmorProblem(normal.substring(APPARMOR.length()));
        }
        return Optional.of(
                normal.startsWith("label=")
                        ? "is not supported by the native backend: it sets no SELinux labels"
                        : "is not known");
    }

    private static Optional<String> apparmorProblem(String profile) {
        try {
            boolean loaded =
                    Files.readAllLines(APPARMOR_PROFILES).stream().anyMatch(line -> line.startsWith(profile + " ("));
            return loaded ? Optional.empty() : Optional.of("names a profile that is not loaded on this machine");
        } catch (IOException e) {
            return Optional.of("cannot be honoured: AppArmor is not enabled on this machine");
        }
    }

    private static SeccompDocument read(Path file) {
        try {
            return SeccompDocument.parse(new String(Files.readAllBytes(file), UTF_8));
        } catch (IOException e) {
            throw new BackendException(
                    "cannot be read: " + file + " " + (Files.exists(file) ? "is unreadable" : "does not exist"), e);
        }
    }

    private static String normal(String option) {
        int equals = option.indexOf('=');
        int colon = option.indexOf(':');
        return equals < 0 && colon >= 0 ? option.substring(0, colon) + "=" + option.substring(colon + 1) : option;
    }
}
