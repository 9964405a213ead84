package dev.jcompose.model;

import dev.jcompose.model.problem.Position;
import java.util.Optional;

/** A top-level config or secret: the source of a file in a container. */
public record FileConfig(String key, String name, boolean external, Optional<Source> source, Position at) {
    /** Where the bytes come from. */
    public sealed interface Source {
        /** A host file, absolute. */
        record HostFile(String path) implements Source {}

        /** Text in the Compose file itself. */
        record Content(String text) implements Source {}

        /** A variable of the project's environment. */
        record Variable(String name) implements Source {}
    }
}
