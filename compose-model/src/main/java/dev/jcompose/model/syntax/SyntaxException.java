package dev.jcompose.model.syntax;

/** A value that its grammar does not allow; the message says why in the user's terms. */
public final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    public SyntaxException(String message) {
        super(message);
        this.reason = message;
    }

    /** Why, in the user's terms. */
    public String reason() {
        return reason;
    }
}
