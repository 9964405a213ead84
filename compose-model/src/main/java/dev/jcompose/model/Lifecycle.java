package dev.jcompose.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** When a service's containers start, count as ready, restart and stop; dependencies are keyed by service. */
public record Lifecycle(
        SequencedMap<String, Dependency> dependsOn,
        Optional<Healthcheck> healthcheck,
        RestartPolicy restart,
        Optional<String> stopSignal,
        Optional<Duration> stopGracePeriod,
        Hooks hooks,
        Restarts restarts) {
    public Lifecycle {
        dependsOn = Copies.ordered(dependsOn);
    }

    /** Commands run in the container right after its start and right before its stop signal. */
    public record Hooks(List<Hook> postStart, List<Hook> preStop) {
        public static final Hooks NONE = new Hooks(List.of(), List.of());

        public Hooks {
            postStart = List.copyOf(postStart);
            preStop = List.copyOf(preStop);
        }
    }

    /** One command; what is not set is the container's own. */
    public record Hook(
            List<String> command,
            Optional<String> user,
            boolean privileged,
            Optional<String> workingDir,
            SequencedMap<String, Optional<String>> environment) {
        public Hook {
            command = List.copyOf(command);
            environment = Copies.ordered(environment);
        }
    }

    /**
     * What the restart policy does not say.
     *
     * @param delay pause before each restart, instead of one that grows
     * @param window how long a run must last to count as a success
     * @param whenUnhealthy whether a container that turns unhealthy is restarted ({@code x-jcompose.restart-unhealthy})
     */
    public record Restarts(Optional<Duration> delay, Optional<Duration> window, boolean whenUnhealthy) {
        public static final Restarts PLAIN = new Restarts(Optional.empty(), Optional.empty(), false);
    }
}
