package dev.jcompose.planner.reconcile;

import dev.jcompose.model.Dependency;
import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.planner.Action.AwaitContainer;
import dev.jcompose.planner.graph.ServiceGraph;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedContainer.Health;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** Which steps a service's start waits for, so that what it depends on is ready. */
final class Readiness {
    private final ServiceGraph graph;
    private final PlanBuilder plan;
    private final Map<String, SequencedMap<String, Progress>> containers = new HashMap<>();
    private final Map<AwaitContainer, Integer> awaits = new HashMap<>();

    /** A container of a service: the step that starts it, if one does, and whether it is known to be healthy. */
    private record Progress(Optional<Integer> start, boolean healthy) {}

    Readiness(ServiceGraph graph, PlanBuilder plan) {
        this.graph = graph;
        this.plan = plan;
    }

    /** Notes the step that starts a container. */
    void started(String service, String name, int step) {
        put(service, name, new Progress(Optional.of(step), false));
    }

    /** Notes containers that run already; those noted before stay as they were. */
    void rest(String service, List<ObservedContainer> running) {
        for (ObservedContainer container : running) {
            put(service, container.name(), new Progress(Optional.empty(), container.health() == Health.HEALTHY));
        }
    }

    /** The steps after which all a service depends on is as it wants it; plans waiting where it is needed. */
    List<Integer> of(String service) {
        List<Integer> steps = new ArrayList<>();
        graph.dependenciesOf(service)
                .forEach((needed, dependency) -> containers
                        .getOrDefault(needed, new LinkedHashMap<>())
                        .forEach((name, progress) -> steps.addAll(of(needed, name, progress, dependency))));
        return steps;
    }

    private List<Integer> of(String service, String name, Progress progress, Dependency dependency) {
        boolean waits = switch (dependency.condition()) {
            case STARTED -> false;
            case HEALTHY -> !progress.healthy();
            case COMPLETED -> true;
        };
        return waits
                ? List.of(await(service, name, progress, dependency))
                : progress.start().stream().toList();
    }

    private int await(String service, String name, Progress progress, Dependency dependency) {
        Condition condition = dependency.condition();
        var action = new AwaitContainer(service, name, condition, dependency.required());
        return awaits.computeIfAbsent(
                action, key -> plan.add(key, progress.start().stream().toList(), condition.text()));
    }

    private void put(String service, String name, Progress progress) {
        containers.computeIfAbsent(service, key -> new LinkedHashMap<>()).putIfAbsent(name, progress);
    }
}
