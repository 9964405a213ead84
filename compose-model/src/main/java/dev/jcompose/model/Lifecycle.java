package dev.jcompose.model;

import java.time.Duration;
import java.util.Optional;
import java.util.SequencedMap;

/** When a service's containers start, count as ready, restart and stop; dependencies are keyed by service. */
public record Lifecycle(
        SequencedMap<String, Dependency> dependsOn,
        Optional<Healthcheck> healthcheck,
        RestartPolicy restart,
        Optional<String> stopSignal,
        Optional<Duration> stopGracePeriod) {
    public Lifecycle {
        dependsOn = Copies.ordered(dependsOn);
    }
}
