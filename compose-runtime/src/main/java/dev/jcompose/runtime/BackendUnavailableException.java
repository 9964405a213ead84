package dev.jcompose.runtime;

/** The backend cannot be used here at all: no permission, no kernel feature, nobody answering. Says what to do. */
public final class BackendUnavailableException extends BackendException {
    private static final long serialVersionUID = 1L;

    public BackendUnavailableException(String message) {
        super(message);
    }
}
