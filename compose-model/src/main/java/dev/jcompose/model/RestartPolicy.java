package dev.jcompose.model;

/** What happens when a container's process ends by itself. */
public sealed interface RestartPolicy {
    record Never() implements RestartPolicy {}

    record Always() implements RestartPolicy {}

    record UnlessStopped() implements RestartPolicy {}

    /** Restart after a non-zero exit, at most {@code maximumRetries} times; 0 means without limit. */
    record OnFailure(int maximumRetries) implements RestartPolicy {}

    /** A word that no backend is known to understand. */
    record Other(String word) implements RestartPolicy {}
}
