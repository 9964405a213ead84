package dev.jcompose.runtime.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks again and again: soon at first, less often while nothing happens. */
final class Poll {
    private static final Duration SHORTEST = Duration.ofMillis(5);
    private static final Duration LONGEST = Duration.ofMillis(100);

    private final Timekeeper time;
    private Duration next = SHORTEST;

    Poll(Timekeeper time) {
        this.time = time;
    }

    /** Looks until there is an answer. */
    static <T> T until(Timekeeper time, Supplier<Optional<T>> look) throws InterruptedException {
        return until(time, Instant.MAX, look).orElseThrow();
    }

    /** Looks until there is an answer or the deadline has passed. */
    static <T> Optional<T> until(Timekeeper time, Instant deadline, Supplier<Optional<T>> look)
            throws InterruptedException {
        Poll poll = new Poll(time);
        Optional<T> answer = look.get();
        while (answer.isEmpty() && time.now().isBefore(deadline)) {
            poll.pause();
            answer = look.get();
        }
        return answer;
    }

    /** Waits a little longer than the last time. */
    void pause() throws InterruptedException {
        time.pause(next);
        Duration longer = next.multipliedBy(3).dividedBy(2);
        next = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
    }

    /** Something happened: more may follow soon. */
    void hurry() {
        next = SHORTEST;
    }
}
