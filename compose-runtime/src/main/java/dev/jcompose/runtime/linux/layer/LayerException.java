package dev.jcompose.runtime.linux.layer;

import dev.jcompose.runtime.BackendException;

/** A layer holds something that must not or cannot be unpacked; names the entry. */
public final class LayerException extends BackendException {
    private static final long serialVersionUID = 1L;

    public LayerException(String message) {
        super(message);
    }

    public LayerException(String message, Throwable cause) {
        super(message, cause);
    }
}
