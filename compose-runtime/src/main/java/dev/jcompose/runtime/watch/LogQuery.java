package dev.jcompose.runtime.watch;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Which lines of output are wanted: the last {@code tail} of each container, not older and not newer than given. */
public record LogQuery(OptionalLong tail, Optional<Instant> since, Optional<Instant> until) {
    /** Everything there is. */
    public static final LogQuery ALL = new LogQuery(OptionalLong.empty(), Optional.empty(), Optional.empty());

    boolean isTooLate(Instant at) {
        return until.isPresent() && at.isAfter(until.get());
    }
}
