package dev.jcompose.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Reads one container's output from its beginning or its last lines, and then what is added. Not thread-safe. */
public interface LogReader extends AutoCloseable {
    /** Goes to the last {@code lines} lines, and past what is older than {@code since}; call before the first read. */
    void seek(OptionalLong lines, Optional<Instant> since);

    /** Hands over the lines there are, waiting up to {@code wait} for the first; returns how many. */
    int read(Duration wait, Consumer<LogLine> sink) throws InterruptedException;

    @Override
    void close();

    /**
     * One line of output, or part of one.
     *
     * @param text without its line end
     * @param complete whether the line ended here
     */
    record LogLine(Instant at, boolean stderr, boolean complete, String text) {}
}
