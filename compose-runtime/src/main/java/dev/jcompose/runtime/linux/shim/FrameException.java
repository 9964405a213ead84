package dev.jcompose.runtime.linux.shim;

import dev.jcompose.runtime.BackendException;

/** Bytes that should be frames are not; the file or channel they came from is damaged. */
public final class FrameException extends BackendException {
    private static final long serialVersionUID = 1L;

    FrameException(String message) {
        super(message);
    }

    FrameException(String message, Throwable cause) {
        super(message, cause);
    }
}
