package dev.jcompose.runtime.watch;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.LogReader;
import dev.jcompose.runtime.LogReader.LogLine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/** One container's output with the lines read ahead of their turn. */
final class LogSource implements AutoCloseable {
    private final ObservedContainer container;
    private final LogReader reader;
    private final Queue<LogLine> ahead = new ArrayDeque<>();

    LogSource(ObservedContainer container, LogReader reader) {
        this.container = container;
        this.reader = reader;
    }

    ObservedContainer container() {
        return container;
    }

    /** The next line, if it is there. */
    Optional<LogLine> peek() throws InterruptedException {
        if (ahead.isEmpty()) {
            reader.read(Duration.ZERO, ahead::add);
        }
        return Optional.ofNullable(ahead.peek());
    }

    LogLine take() {
        return ahead.remove();
    }

    /** Hands over what was read ahead and what one more read gives; returns how many lines that were. */
    int pass(Consumer<LogLine> sink) throws InterruptedException {
        int count = ahead.size();
        ahead.forEach(sink);
        ahead.clear();
        return count + reader.read(Duration.ZERO, sink);
    }

    @Override
    public void close() {
        reader.close();
    }
}
