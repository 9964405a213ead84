package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.BackendException;

/** What a registry refused, or why it was not reached; {@code status} is 0 where it did not answer. */
public final class RegistryException extends BackendException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RegistryException(int status, String message) {
        super(message);
        this.status = status;
    }

    RegistryException(String message, Throwable cause) {
        super(message, cause);
        this.status = 0;
    }

    int status() {
        return status;
    }
}
