package dev.jcompose.runtime;

import java.util.List;
import java.util.Optional;

/**
 * An image to be made of a container.
 *
 * @param changes instructions of a Dockerfile that change its settings
 * @param pause whether a running container stands still meanwhile
 */
public record CommitRequest(
        Optional<String> reference, String author, String message, List<String> changes, boolean pause) {
    public CommitRequest {
        changes = List.copyOf(changes);
    }
}
