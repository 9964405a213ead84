package dev.jcompose.runtime;

import dev.jcompose.model.problem.ComposeException;

/** The backend refused or failed one operation; the message says which, on what, why, and what to do. */
public class BackendException extends ComposeException {
    private static final long serialVersionUID = 1L;

    public BackendException(String message) {
        super(message);
    }

    public BackendException(String message, Throwable cause) {
        super(message, cause);
    }
}
