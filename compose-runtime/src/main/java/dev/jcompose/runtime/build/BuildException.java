package dev.jcompose.runtime.build;

import dev.jcompose.runtime.BackendException;

/** A build cannot go on; the message starts with the Dockerfile's line. */
public final class BuildException extends BackendException {
    private static final long serialVersionUID = 1L;

    public BuildException(Place place, String message) {
        super(place + ": " + message);
    }

    public BuildException(Place place, String message, Throwable cause) {
        super(place + ": " + message, cause);
    }
}
