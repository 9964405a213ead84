package dev.jcompose.runtime.registry;

import java.time.Duration;
import java.util.Optional;

/**
 * How often and after which time something is tried again: each pause is twice as long as the one before.
 *
 * @param first the first pause
 * @param longest what a registry may ask for at most before we give up instead
 */
record Backoff(int attempts, Duration first, Duration longest) {
    static final Backoff DEFAULT = new Backoff(5, Duration.ofMillis(200), Duration.ofSeconds(20));

    /** Waits after a failed attempt, counted from 1; false when there is to be no further one. */
    boolean pause(int attempt, Optional<String> retryAfter) throws InterruptedException {
        if (attempt >= attempts) {
            return false;
        }
        var wanted = retryAfter
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(first.multipliedBy(1L << (attempt - 1)));
        if (wanted.compareTo(longest) > 0) {
            return false;
        }
        Thread.sleep(wanted);
        return true;
    }
}
