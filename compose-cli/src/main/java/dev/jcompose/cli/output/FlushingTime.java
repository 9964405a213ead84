package dev.jcompose.cli.output;

import dev.jcompose.runtime.watch.Timekeeper;
import java.time.Duration;
import java.time.Instant;

/** The time for who follows logs: before it pauses because nothing comes, what has come is shown. */
public record FlushingTime(LogPrinter printer, Timekeeper time) implements Timekeeper {
    @Override
    public Instant now() {
        return time.now();
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        printer.flush();
        time.pause(duration);
    }
}
