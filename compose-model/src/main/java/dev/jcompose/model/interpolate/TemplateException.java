package dev.jcompose.model.interpolate;

/** A value whose variables cannot be filled in: malformed, or a required variable is missing. */
public final class TemplateException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    public TemplateException(String message) {
        super(message);
        this.reason = message;
    }

    /** Why, in the user's terms. */
    public String reason() {
        return reason;
    }
}
