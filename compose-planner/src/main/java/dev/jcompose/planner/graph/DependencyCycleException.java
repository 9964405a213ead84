package dev.jcompose.planner.graph;

import dev.jcompose.model.problem.ComposeException;
import java.util.List;

/** Services that need each other in a circle, so that none can start first. */
public final class DependencyCycleException extends ComposeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> cycle;

    /** The services in the order in which each needs the next, the first again at the end. */
    DependencyCycleException(List<String> cycle) {
        super("dependency cycle: " + String.join(" -> ", cycle));
        this.cycle = List.copyOf(cycle);
    }

    public List<String> cycle() {
        return cycle;
    }
}
