package dev.jcompose.cli.output;

import dev.jcompose.model.problem.ComposeException;

/** Who read our output has gone, as {@code head} does when it has enough: nothing more needs to be said. */
public final class OutputClosedException extends ComposeException {
    private static final long serialVersionUID = 1L;

    OutputClosedException() {
        super("nobody reads the output any more");
    }
}
