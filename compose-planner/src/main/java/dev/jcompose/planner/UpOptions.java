package dev.jcompose.planner;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user asked of {@code up} or {@code create}, in the planner's terms.
 *
 * @param services the services named, with what they depend on; none means all
 * @param scale containers wanted per service, over what the project declares
 * @param oneOff whether one more container, which the plan does not make, is to join those of the services named: what it needs is
 *     made ready, their own containers are left alone
 * @param timeout grace period for containers that are replaced
 */
public record UpOptions(
        List<String> services,
        Map<String, Integer> scale,
        Recreate recreate,
        boolean alwaysRecreateDependencies,
        boolean withDependencies,
        Building building,
        boolean start,
        boolean removeOrphans,
        boolean renewAnonymousVolumes,
        boolean ignoreOrphans,
        boolean oneOff,
        Optional<Duration> timeout) {

    public UpOptions {
        services = List.copyOf(services);
        scale = Map.copyOf(scale);
    }

    /** When an existing container is replaced. */
    public enum Recreate {
        IF_CHANGED,
        ALWAYS,
        NEVER
    }

    /** When images of services with a {@code build} section are built. */
    public enum Building {
        IF_MISSING,
        ALWAYS,
        NEVER,
        /** Neither build nor fetch anything: a plan of {@link Planner#images} has just been carried out. */
        READY
    }

    /** The same, once a plan of {@link Planner#images} has been carried out. */
    public UpOptions imagesReady() {
        return new UpOptions(
                services,
                scale,
                recreate,
                alwaysRecreateDependencies,
                withDependencies,
                Building.READY,
                start,
                removeOrphans,
                renewAnonymousVolumes,
                ignoreOrphans,
                oneOff,
                timeout);
    }

    /** Plain {@code up}. */
    public static UpOptions defaults() {
        return new UpOptions(
                List.of(),
                Map.of(),
                Recreate.IF_CHANGED,
                false,
                true,
                Building.IF_MISSING,
                true,
                false,
                false,
                false,
                false,
                Optional.empty());
    }
}
