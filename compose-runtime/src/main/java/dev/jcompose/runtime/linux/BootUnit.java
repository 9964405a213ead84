package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The systemd unit that brings containers back after a reboot: the system's for root, an ordinary user's own otherwise. It runs
 * {@code jcompose system boot start}, with the directories of the command that installed it.
 */
public final class BootUnit {
    private static final String NAME = "jcompose.service";
    private static final List<String> KEPT = List.of("JCOMPOSE_STATE_DIR", "JCOMPOSE_RUN_DIR", "JAVA_HOME", "PATH");

    private final Map<String, String> environment;
    private final boolean root;

    public BootUnit(Map<String, String> environment) {
        this(environment, NativeBackend.isRoot());
    }

    BootUnit(Map<String, String> environment, boolean root) {
        this.environment = environment;
        this.root = root;
    }

    /** Installs the unit and has it run at boot; returns where it is. */
    public Path enable() throws InterruptedException {
        requireSystemd();
        try {
            Files.createDirectories(directory());
            Files.writeString(directory().resolve(NAME), text(ownCommand()));
        } catch (IOException e) {
            throw new BackendException("cannot write " + directory().resolve(NAME) + ": " + e.getMessage(), e);
        }
        systemctl("daemon-reload");
        systemctl("enable", NAME);
        return directory().resolve(NAME);
    }

    /** Undoes {@link #enable}. */
    public void disable() throws InterruptedException {
        requireSystemd();
        if (!isInstalled()) {
            return;
        }
        systemctl("disable", NAME);
        try {
            Files.deleteIfExists(directory().resolve(NAME));
        } catch (IOException e) {
            throw new BackendException("cannot remove " + directory().resolve(NAME) + ": " + e.getMessage(), e);
        }
        systemctl("daemon-reload");
    }

    /** One word, {@code enabled} or {@code disabled}, with why there is no other where systemd is missing. */
    public String status() {
        if (!hasSystemd()) {
            return "disabled: " + withoutSystemd();
        }
        return isInstalled() ? "enabled" : "disabled";
    }

    /** Whether somebody has to log in before an ordinary user's containers come back. */
    public Optional<String> advice() {
        return root
                ? Optional.empty()
                : Optional.of("containers come back when you log in; at boot already after \"loginctl enable-linger\"");
    }

    private boolean isInstalled() {
        return Files.exists(directory().resolve(NAME));
    }

    private Path directory() {
        if (root) {
            return Path.of("/etc/systemd/system");
        }
        var config = environment.getOrDefault("XDG_CONFIG_HOME", environment.getOrDefault("HOME", "/") + "/.config");
        return Path.of(config, "systemd/user");
    }

    /** Monitors outlive the unit's command: systemd must not end them with it. */
    String text(List<String> command) {
        var lines = new ArrayList<>(List.of(
                "[Unit]",
                "Description=jcompose projects whose restart policy brings them back",
                "Wants=network-online.target",
                "After=network-online.target local-fs.target",
                "",
                "[Service]",
                "Type=oneshot",
                "RemainAfterExit=yes",
                "KillMode=process",
                "Delegate=yes",
                "TimeoutStartSec=infinity"));
        for (var name : KEPT) {
            Optional.ofNullable(environment.get(name))
                    .ifPresent(value -> lines.add("Environment=" + quoted(name + "=" + value)));
        }
        var words = new ArrayList<>(command);
        words.addAll(List.of("system", "boot", "start"));
        lines.add("ExecStart="
                + String.join(" ", words.stream().map(BootUnit::quoted).toList()));
        lines.addAll(List.of("", "[Install]", "WantedBy=" + (root ? "multi-user.target" : "default.target"), ""));
        return String.join("\n", lines);
    }

    private static String quoted(String word) {
        return "\""
                + word.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("%", "%%")
                        .replace("$", "$$") + "\"";
    }

    /** How this very process was started, up to our own arguments. */
    private static List<String> ownCommand() {
        try {
            var words = List.of(Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8)
                    .split("\0", -1));
            int end = words.indexOf("system");
            var command = new ArrayList<>(words.subList(0, end < 0 ? words.size() : end));
            command.set(0, Files.readSymbolicLink(Path.of("/proc/self/exe")).toString());
            return command;
        } catch (IOException e) {
            throw new BackendException("cannot read /proc/self: " + e.getMessage(), e);
        }
    }

    private static boolean hasSystemd() {
        return Files.isDirectory(Path.of("/run/systemd/system"));
    }

    private static void requireSystemd() {
        if (!hasSystemd()) {
            throw new BackendException(withoutSystemd());
        }
    }

    private static String withoutSystemd() {
        return "systemd does not run here; have what starts services at boot run \"jcompose system boot start\"";
    }

    private void systemctl(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("systemctl"));
        if (!root) {
            command.add("--user");
        }
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new BackendException(String.join(" ", command) + " failed: " + output);
            }
        } catch (IOException e) {
            throw new BackendException("cannot run systemctl: " + e.getMessage(), e);
        }
    }
}
