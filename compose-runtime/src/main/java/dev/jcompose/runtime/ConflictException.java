package dev.jcompose.runtime;

/** Something else still uses what an operation was to change. */
public final class ConflictException extends BackendException {
    private static final long serialVersionUID = 1L;

    public ConflictException(String message) {
        super(message);
    }
}
