package dev.jcompose.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How to tell that a container works. What is not set comes from the image, else from Compose's defaults (interval and
 * timeout 30 s, 3 retries, no start period, start interval 5 s).
 *
 * @param test starts with {@code CMD}, {@code CMD-SHELL} or {@code NONE}; empty for the image's
 */
public record Healthcheck(
        List<String> test,
        Optional<Duration> interval,
        Optional<Duration> timeout,
        OptionalInt retries,
        Optional<Duration> startPeriod,
        Optional<Duration> startInterval,
        boolean disabled) {
    public Healthcheck {
        test = List.copyOf(test);
    }
}
