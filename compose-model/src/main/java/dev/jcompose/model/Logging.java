package dev.jcompose.model;

import java.util.Optional;
import java.util.SequencedMap;

/** Where a container's output goes; an empty driver is the backend's own ({@code json-file} in Docker's words). */
public record Logging(Optional<String> driver, SequencedMap<String, String> options) {
    public Logging {
        options = Copies.ordered(options);
    }
}
