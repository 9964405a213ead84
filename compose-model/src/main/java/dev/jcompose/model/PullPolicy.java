package dev.jcompose.model;

import java.time.Duration;

/** When an image is fetched (Compose Specification, {@code pull_policy}). */
public sealed interface PullPolicy {
    /** The file says nothing: fetched when it is missing, and by whoever asks for fetching. */
    record Unspecified() implements PullPolicy {}

    record Always() implements PullPolicy {}

    record Never() implements PullPolicy {}

    record Missing() implements PullPolicy {}

    record Build() implements PullPolicy {}

    /** Fetch again once the image was last fetched longer ago than this. */
    record Every(Duration age) implements PullPolicy {}
}
