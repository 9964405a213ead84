package dev.jcompose.cli.option;

import dev.jcompose.model.problem.ComposeException;

/** The command line itself says something that cannot be done: an unknown flag, a bad value, flags that exclude each other. */
public final class UsageException extends ComposeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
