package dev.jcompose.runtime.linux.build;

import dev.jcompose.model.Healthcheck;
import dev.jcompose.runtime.oci.ImageConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** An image's configuration while a stage changes it. */
final class Settings {
    private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");
    private static final String DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final SequencedMap<String, String> env = new LinkedHashMap<>();
    private final SequencedMap<String, String> labels = new LinkedHashMap<>();
    private final Set<String> ports;
    private final Set<String> volumes;
    private List<String> entrypoint;
    private List<String> cmd;
    private boolean ownCmd;
    private String user;
    private String workingDir;
    private Optional<String> stopSignal;
    private Optional<Healthcheck> healthcheck;
    private List<String> shell;
    private final List<String> onBuild = new ArrayList<>();

    Settings(ImageConfig base) {
        base.env().forEach(this::putVariable);
        if (!env.containsKey("PATH")) {
            putVariable(DEFAULT_PATH);
        }
        labels.putAll(base.labels());
        ports = new LinkedHashSet<>(base.exposedPorts());
        volumes = new LinkedHashSet<>(base.volumes());
        entrypoint = base.entrypoint();
        cmd = base.cmd();
        user = base.user();
        workingDir = base.workingDir();
        stopSignal = base.stopSignal();
        healthcheck = base.healthcheck();
        shell = base.shell();
    }

    /** What an image made from nothing starts with. */
    static Settings scratch() {
        var settings = new Settings(ImageConfig.EMPTY);
        settings.workingDir = "/";
        return settings;
    }

    private void putVariable(String assignment) {
        int equals = assignment.indexOf('=');
        env.put(equals < 0 ? assignment : assignment.substring(0, equals), assignment.substring(equals + 1));
    }

    Map<String, String> env() {
        return env;
    }

    Map<String, String> labels() {
        return labels;
    }

    Set<String> ports() {
        return ports;
    }

    Set<String> volumes() {
        return volumes;
    }

    String user() {
        return user;
    }

    void setUser(String user) {
        this.user = user;
    }

    /** Always absolute. */
    String workingDir() {
        return workingDir.isEmpty() ? "/" : workingDir;
    }

    void setWorkingDir(String workingDir) {
        this.workingDir = workingDir;
    }

    void setCmd(List<String> cmd) {
        this.cmd = cmd;
        ownCmd = true;
    }

    /** A new entry point does not go with the arguments of the base image's one. */
    void setEntrypoint(List<String> entrypoint) {
        this.entrypoint = entrypoint;
        if (!ownCmd) {
            cmd = List.of();
        }
    }

    void setStopSignal(String signal) {
        stopSignal = Optional.of(signal);
    }

    void setHealthcheck(Healthcheck check) {
        healthcheck = Optional.of(check);
    }

    /** What builds that start from this image are to do; not what this one's base wanted. */
    List<String> onBuild() {
        return onBuild;
    }

    List<String> shell() {
        return shell.isEmpty() ? DEFAULT_SHELL : shell;
    }

    void setShell(List<String> shell) {
        this.shell = shell;
    }

    ImageConfig toConfig() {
        return new ImageConfig(
                env.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toList(),
                entrypoint,
                cmd,
                user,
                workingDir,
                List.copyOf(ports),
                List.copyOf(volumes),
                labels,
                stopSignal,
                healthcheck,
                shell,
                onBuild);
    }
}
