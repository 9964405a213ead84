package dev.jcompose.runtime.linux.shim;

import java.nio.file.Path;

/** Where the files of one container lie; {@code id12} is the short form of its identifier. */
public record ContainerFiles(String project, String id12, Path state, Path run) {
    public Path plan() {
        return state.resolve("plan");
    }

    public Path intent() {
        return state.resolve("intent");
    }

    public Path upper() {
        return state.resolve("upper");
    }

    public Path work() {
        return state.resolve("work");
    }

    public Path merged() {
        return state.resolve("merged");
    }

    public Path log() {
        return state.resolve("log");
    }

    public Path stateFile() {
        return run.resolve("state");
    }

    public Path health() {
        return run.resolve("health");
    }

    public Path ports() {
        return run.resolve("ports");
    }
}
