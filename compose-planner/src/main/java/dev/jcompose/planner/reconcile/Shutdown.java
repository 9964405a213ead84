package dev.jcompose.planner.reconcile;

import dev.jcompose.planner.graph.ServiceGraph;
import dev.jcompose.planner.state.ObservedContainer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Plans stops so that every container outlives those that depend on it. */
final class Shutdown {
    private final ServiceGraph graph;
    private final PlanBuilder plan;
    private final String reason;
    private final Map<String, List<Integer>> stops = new HashMap<>();

    Shutdown(ServiceGraph graph, PlanBuilder plan, String reason) {
        this.graph = graph;
        this.plan = plan;
        this.reason = reason;
    }

    /** Has the containers stopped, given in dependency order. */
    void stop(List<ObservedContainer> containers) {
        for (String service : graph.order().reversed()) {
            List<Integer> dependents = stopsOfDependents(service);
            List<Integer> own = new ArrayList<>();
            containers.stream()
                    .filter(container -> container.service().equals(service))
                    .forEach(container -> own.addAll(plan.stop(container, dependents, reason)));
            // a service with nothing to stop passes on what it would have waited for
            stops.put(service, own.isEmpty() ? dependents : own);
        }
    }

    private List<Integer> stopsOfDependents(String service) {
        return graph.dependentsOf(service).keySet().stream()
                .flatMap(dependent -> stops.getOrDefault(dependent, List.of()).stream())
                .distinct()
                .toList();
    }
}
