package dev.jcompose.planner.reconcile;

import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.planner.Action.KillContainer;
import dev.jcompose.planner.Action.PauseContainer;
import dev.jcompose.planner.Action.RemoveContainer;
import dev.jcompose.planner.Action.StartContainer;
import dev.jcompose.planner.Action.UnpauseContainer;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.state.ObservedContainer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Plans that start, stop and signal the containers there are. */
final class LifecyclePlanner {
    private final Scope scope;
    private final PlanBuilder plan;
    private final Readiness readiness;

    LifecyclePlanner(Scope scope, Optional<Duration> timeout) {
        this.scope = scope;
        this.plan = new PlanBuilder(timeout);
        this.readiness = new Readiness(scope.graph(), plan);
    }

    Plan start() {
        checkExisting("start");
        List<String> services = List.copyOf(scope.graph().withDependencies(scope.services()));
        for (String service : services) {
            List<ObservedContainer> containers = scope.containersOf(List.of(service));
            List<ObservedContainer> idle = containers.stream()
                    .filter(container -> !container.isRunning())
                    .toList();
            start(service, idle);
            readiness.rest(service, containers);
        }
        return plan.build();
    }

    Plan resume(Set<String> ids) {
        for (String service : scope.graph().order()) {
            start(
                    service,
                    scope.containers(container -> container.service().equals(service) && ids.contains(container.id())));
        }
        return plan.build();
    }

    Plan stop() {
        new Shutdown(scope.graph(), plan, "stop").stop(scope.containersOf(scope.services()));
        return plan.build();
    }

    Plan restart(boolean withDependents) {
        checkExisting("restart");
        List<String> services = withDependents
                ? List.copyOf(scope.graph().withRestartedDependents(scope.services()))
                : scope.services();
        new Shutdown(scope.graph(), plan, "restart").stop(scope.containersOf(services));
        services.forEach(service -> start(service, scope.containersOf(List.of(service))));
        return plan.build();
    }

    Plan kill(String signal, boolean removeOrphans) {
        List<ObservedContainer> running = scope.containers(container -> container.isRunning()
                && (scope.includes(container.service()) || (removeOrphans && !scope.isDeclared(container.service()))));
        running.forEach(
                container -> plan.add(new KillContainer(container.id(), container.name(), signal), List.of(), "kill"));
        if (running.isEmpty()) {
            plan.warn("no container to kill");
        }
        return plan.build();
    }

    Plan pause() {
        running()
                .forEach(container ->
                        plan.add(new PauseContainer(container.id(), container.name()), List.of(), "pause"));
        return plan.build();
    }

    Plan unpause() {
        running()
                .forEach(container ->
                        plan.add(new UnpauseContainer(container.id(), container.name()), List.of(), "unpause"));
        return plan.build();
    }

    private List<ObservedContainer> running() {
        return scope.containersOf(scope.services()).stream()
                .filter(ObservedContainer::isRunning)
                .toList();
    }

    Plan remove(boolean stop, boolean volumes) {
        List<ObservedContainer> going = scope.containersOf(scope.services()).stream()
                .filter(container -> stop || !container.isRunning())
                .toList();
        new Shutdown(scope.graph(), plan, "rm").stop(going);
        for (ObservedContainer container : going.reversed()) {
            var removal = new RemoveContainer(container.id(), container.name(), volumes);
            plan.add(removal, plan.stop(container, List.of(), "rm"), "rm");
        }
        return plan.build();
    }

    private void start(String service, List<ObservedContainer> containers) {
        if (containers.isEmpty()) {
            return;
        }
        List<Integer> ready = readiness.of(service);
        for (ObservedContainer container : containers) {
            List<Integer> after = new ArrayList<>(ready);
            plan.stopOf(container).ifPresent(after::add);
            String reason = plan.stopOf(container)
                    .map(stop -> "restart")
                    .orElseGet(() -> container.status().name().toLowerCase(Locale.ROOT));
            int step = plan.add(new StartContainer(service, container.name()), after, reason);
            readiness.started(service, container.name(), step);
        }
    }

    private void checkExisting(String verb) {
        for (String service : scope.named()) {
            if (scope.containersOf(List.of(service)).isEmpty()) {
                throw new ComposeException(
                        "service \"%s\" has no container to %s: create it with up or create".formatted(service, verb));
            }
        }
        if (scope.containersOf(scope.services()).isEmpty()) {
            throw new ComposeException("project \"%s\" has no container to %s: create them with up or create"
                    .formatted(scope.observed().name(), verb));
        }
    }
}
