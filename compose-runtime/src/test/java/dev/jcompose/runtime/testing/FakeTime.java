package dev.jcompose.runtime.testing;

import dev.jcompose.runtime.watch.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/** Time that passes only while somebody pauses; what is due then happens. Not for use by several threads. */
public final class FakeTime implements Timekeeper {
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration GIVING_UP = Duration.ofDays(1);

    private final TreeMap<Instant, Runnable> due = new TreeMap<>();
    private Instant now = START;

    /** Plans something for later; one thing at a time. */
    public FakeTime after(Duration delay, Runnable event) {
        due.put(now.plus(delay), event);
        return this;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void pause(Duration duration) {
        Instant end = now.plus(duration);
        if (end.isAfter(START.plus(GIVING_UP))) {
            throw new AssertionError("waited a day for something that does not happen");
        }
        var next = Optional.ofNullable(due.firstEntry());
        while (next.isPresent() && !next.get().getKey().isAfter(end)) {
            now = next.get().getKey();
            due.remove(now);
            next.get().getValue().run();
            next = Optional.ofNullable(due.firstEntry());
        }
        now = end;
    }
}
