package dev.jcompose.planner.state;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/**
 * One container of a project as the backend sees it.
 *
 * @param number which instance of its service, from 1
 * @param oneOff whether {@code run} made it
 * @param image the reference it was created from; {@code imageId} the image that meant then
 * @param command the full command line, for display
 * @param exitCode of the last run, once there was one
 * @param networks name of each network joined, with the container's address (empty while it has none)
 * @param volumes names of the named volumes mounted
 */
public record ObservedContainer(
        String id,
        String name,
        String service,
        int number,
        boolean oneOff,
        String configHash,
        String image,
        String imageId,
        List<String> command,
        Status status,
        Health health,
        OptionalInt exitCode,
        OptionalInt pid,
        Instant created,
        Optional<Instant> started,
        Optional<Instant> finished,
        int restarts,
        SequencedMap<String, String> networks,
        List<String> volumes,
        List<PublishedPort> ports,
        Map<String, String> labels) {

    public ObservedContainer {
        command = List.copyOf(command);
        volumes = List.copyOf(volumes);
        ports = List.copyOf(ports);
        labels = Map.copyOf(labels);
    }

    /** Where a container is in its life. */
    public enum Status {
        CREATED,
        RUNNING,
        PAUSED,
        RESTARTING,
        EXITED,
        DEAD
    }

    /** What its healthcheck says. */
    public enum Health {
        NONE,
        STARTING,
        HEALTHY,
        UNHEALTHY
    }

    /** A container port; {@code hostPort} 0 when it is only exposed. */
    public record PublishedPort(String hostIp, int hostPort, int containerPort, String protocol) {}

    public boolean isRunning() {
        return status == Status.RUNNING || status == Status.PAUSED || status == Status.RESTARTING;
    }
}
