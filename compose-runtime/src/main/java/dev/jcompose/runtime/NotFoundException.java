package dev.jcompose.runtime;

/** What an operation was to work on does not exist. */
public final class NotFoundException extends BackendException {
    private static final long serialVersionUID = 1L;

    public NotFoundException(String message) {
        super(message);
    }
}
