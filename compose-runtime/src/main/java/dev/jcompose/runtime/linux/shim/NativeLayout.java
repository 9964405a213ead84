package dev.jcompose.runtime.linux.shim;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where everything of the native backend lies.
 *
 * @param state what survives a reboot
 * @param run what is valid for one boot
 */
public record NativeLayout(Path state, Path run) {
    /** The directories the environment names, else the system's own. */
    public static NativeLayout from(Map<String, String> environment) {
        return new NativeLayout(
                directory(environment, "JCOMPOSE_STATE_DIR", "/var/lib/jcompose"),
                directory(environment, "JCOMPOSE_RUN_DIR", "/run/jcompose"));
    }

    private static Path directory(Map<String, String> environment, String variable, String otherwise) {
        return Path.of(Optional.ofNullable(environment.get(variable))
                        .filter(text -> !text.isBlank())
                        .orElse(otherwise))
                .toAbsolutePath()
                .normalize();
    }

    public Path bin() {
        return state.resolve("bin");
    }

    public Path cache() {
        return state.resolve("cache");
    }

    public Path store() {
        return state.resolve("store");
    }

    public Path volumes() {
        return state.resolve("volumes");
    }

    public Path networks() {
        return state.resolve("networks");
    }

    public Path projects() {
        return state.resolve("projects");
    }

    public Path project(String project) {
        return projects().resolve(project);
    }

    public Path runProject(String project) {
        return run.resolve("projects").resolve(project);
    }

    public Path lock(String project) {
        return run.resolve("locks").resolve(project);
    }

    /** The places of one container; {@code id} may be the full or the short identifier. */
    public ContainerFiles container(String project, String id) {
        var id12 = id.length() > 12 ? id.substring(0, 12) : id;
        return new ContainerFiles(
                project,
                id12,
                project(project).resolve(id12),
                runProject(project).resolve(id12));
    }
}
