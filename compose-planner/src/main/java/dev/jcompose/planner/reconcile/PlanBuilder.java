package dev.jcompose.planner.reconcile;

import dev.jcompose.planner.Action;
import dev.jcompose.planner.Action.StopContainer;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.Step;
import dev.jcompose.planner.state.ObservedContainer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/** A plan in the making; numbers its steps and stops no container twice. */
final class PlanBuilder {
    private final Optional<Duration> grace;
    private final List<Step> steps = new ArrayList<>();
    private final SequencedSet<String> warnings = new LinkedHashSet<>();
    private final Map<String, Integer> stops = new HashMap<>();

    PlanBuilder(Optional<Duration> grace) {
        this.grace = grace;
    }

    /** Adds a step and returns its number. */
    int add(Action action, Collection<Integer> after, String reason) {
        int id = steps.size() + 1;
        steps.add(new Step(id, action, new HashSet<>(after), reason));
        return id;
    }

    /** Has a container stopped, unless it is not running; returns the steps after which it does not run. */
    List<Integer> stop(ObservedContainer container, Collection<Integer> after, String reason) {
        if (!container.isRunning()) {
            return List.of();
        }
        return List.of(stops.computeIfAbsent(
                container.id(), id -> add(new StopContainer(id, container.name(), grace), after, reason)));
    }

    /** The step that stops a container, if this plan does. */
    Optional<Integer> stopOf(ObservedContainer container) {
        return Optional.ofNullable(stops.get(container.id()));
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    Plan build() {
        return new Plan(steps, List.copyOf(warnings));
    }
}
