package dev.jcompose.planner;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the user asked of {@code down}; no services means the whole project, networks included. */
public record DownOptions(List<String> services, boolean volumes, boolean removeOrphans, Optional<Duration> timeout) {
    public DownOptions {
        services = List.copyOf(services);
    }
}
