package dev.jcompose.model;

import dev.jcompose.model.problem.Position;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * One service as the user declared it, after merging, interpolation and defaults.
 *
 * @param image the image as written; empty when only {@code build} is given
 * @param containerName the {@code container_name}, if set
 * @param scale how many containers to run: {@code scale} or {@code deploy.replicas}, else 1
 * @param attributes every attribute the user set, as a path below the service ({@code healthcheck.interval}), with its
 *     place: what a backend checks before it starts anything
 * @param configHash digest of everything whose change means a new container (Compose: all but build, pull_policy, scale,
 *     deploy.replicas, depends_on and profiles)
 */
public record Service(
        String name,
        Optional<String> image,
        Optional<Build> build,
        PullPolicy pullPolicy,
        Optional<String> platform,
        Optional<String> containerName,
        int scale,
        List<String> profiles,
        boolean attach,
        SequencedMap<String, String> labels,
        SequencedMap<String, String> annotations,
        ProcessConfig process,
        Networking networking,
        Storage storage,
        Resources resources,
        Security security,
        Lifecycle lifecycle,
        Logging logging,
        SequencedMap<String, Position> attributes,
        String configHash) {
    public Service {
        profiles = List.copyOf(profiles);
        labels = Copies.ordered(labels);
        annotations = Copies.ordered(annotations);
        attributes = Copies.ordered(attributes);
        if (scale < 0) {
            throw new IllegalArgumentException("scale is negative: " + scale);
        }
    }

    /** The image to run: as written, else the name a built image gets ({@code project-service}). */
    public String imageOr(String project) {
        return image.orElseGet(() -> project + "-" + name);
    }

    /** The same service with another policy for its image. */
    public Service withPullPolicy(PullPolicy policy) {
        return new Service(
                name,
                image,
                build,
                policy,
                platform,
                containerName,
                scale,
                profiles,
                attach,
                labels,
                annotations,
                process,
                networking,
                storage,
                resources,
                security,
                lifecycle,
                logging,
                attributes,
                configHash);
    }
}
