package dev.jcompose.runtime.watch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Time as waiting code sees it, so that tests can make it pass. */
public interface Timekeeper {
    Instant now();

    void pause(Duration duration) throws InterruptedException;

    /** The machine's own clock. */
    static Timekeeper system() {
        return new SystemTime(Clock.systemUTC());
    }

    /** Pauses for real. */
    record SystemTime(Clock clock) implements Timekeeper {
        @Override
        public Instant now() {
            return clock.instant();
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            Thread.sleep(duration);
        }
    }
}
