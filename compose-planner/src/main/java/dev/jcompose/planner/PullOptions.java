package dev.jcompose.planner;

import java.util.List;

/**
 * What the user asked of {@code pull}.
 *
 * @param services the services named; none means all
 * @param ignoreBuildable whether images that can be built are left out
 */
public record PullOptions(List<String> services, boolean withDependencies, boolean ignoreBuildable) {
    public PullOptions {
        services = List.copyOf(services);
    }
}
