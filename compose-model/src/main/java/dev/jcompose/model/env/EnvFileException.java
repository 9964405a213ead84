package dev.jcompose.model.env;

/** A line of an env file that cannot be understood. */
public final class EnvFileException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    private final int line;

    public EnvFileException(int line, String message) {
        super(message);
        this.reason = message;
        this.line = line;
    }

    /** Counted from 1. */
    public int line() {
        return line;
    }

    /** Why, in the user's terms. */
    public String reason() {
        return reason;
    }
}
