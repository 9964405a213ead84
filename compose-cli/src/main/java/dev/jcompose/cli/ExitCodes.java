package dev.jcompose.cli;

import dev.jcompose.cli.output.OutputClosedException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;

/** The exit codes of Docker Compose, in one place. */
final class ExitCodes {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int INTERRUPTED = 130;

    /** Not an exit code: the AOT cache's training run is over. */
    static final int TRAINED = -1;

    /** What shells report of a program that SIGPIPE ended. */
    static final int OUTPUT_CLOSED = 141;

    private ExitCodes() {}

    static int of(Throwable failure) {
        return switch (failure) {
            case OutputClosedException ignored -> OUTPUT_CLOSED;
            default -> isInterruption(failure) ? INTERRUPTED : FAILED;
        };
    }

    /** Whether an interrupt is what ended the work: waiting throws one thing, files and locks in use throw others. */
    static boolean isInterruption(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException
                    || cause instanceof ClosedByInterruptException
                    || cause instanceof FileLockInterruptionException) {
                return true;
            }
        }
        return false;
    }
}
