package dev.jcompose.planner.reconcile;

import dev.jcompose.model.Service;
import dev.jcompose.planner.Action.CreateContainer;
import dev.jcompose.planner.Action.RemoveContainer;
import dev.jcompose.planner.Action.StartContainer;
import dev.jcompose.planner.graph.Dependencies;
import dev.jcompose.planner.reconcile.Convergence.Replacement;
import dev.jcompose.planner.state.ObservedContainer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** Plans what was decided on containers: each step waits for no more than it needs. */
final class ContainerReconciler {
    private final UpRequest request;
    private final PlanBuilder plan;
    private final SequencedMap<String, Convergence> convergences;
    private final Groundwork groundwork;
    private final Readiness readiness;
    private final Map<String, List<Integer>> creations = new HashMap<>();

    /** The steps that make what containers stand on, by image reference, network name and volume name. */
    record Groundwork(Map<String, Integer> images, Map<String, Integer> networks, Map<String, Integer> volumes) {}

    ContainerReconciler(
            UpRequest request,
            PlanBuilder plan,
            SequencedMap<String, Convergence> convergences,
            Groundwork groundwork) {
        this.request = request;
        this.plan = plan;
        this.convergences = convergences;
        this.groundwork = groundwork;
        this.readiness = new Readiness(request.graph(), plan);
    }

    void reconcile() {
        convergences.values().forEach(this::reconcile);
    }

    private void reconcile(Convergence convergence) {
        if (request.isOneOff(convergence.service())) {
            readiness.of(convergence.service().name());
            return;
        }
        Map<Integer, List<Integer>> cleared = removeLeftovers(convergence);
        List<Starting> starting = new ArrayList<>();
        List<Integer> ground = groundOf(convergence.service());
        for (Replacement replacement : convergence.replaced()) {
            starting.add(replace(convergence.service(), replacement, join(ground, cleared, replacement.old())));
        }
        for (int number : convergence.created()) {
            starting.add(create(convergence.service(), number, Optional.empty(), ground, "not found"));
        }
        for (ObservedContainer kept : convergence.kept()) {
            keep(kept, join(ground, cleared, kept)).ifPresent(starting::add);
        }
        removeExcess(convergence);
        if (request.options().start()) {
            start(convergence.service(), starting);
            readiness.rest(convergence.service().name(), convergence.kept());
        }
    }

    /** A container about to be started, the steps it needs done, and why it starts. */
    private record Starting(String name, List<Integer> after, String reason) {}

    private void start(Service service, List<Starting> starting) {
        if (starting.isEmpty()) {
            return;
        }
        List<Integer> ready = readiness.of(service.name());
        for (Starting container : starting) {
            List<Integer> after = new ArrayList<>(container.after());
            after.addAll(ready);
            int step = plan.add(new StartContainer(service.name(), container.name()), after, container.reason());
            readiness.started(service.name(), container.name(), step);
        }
    }

    private Starting create(
            Service service, int number, Optional<String> replaces, List<Integer> after, String reason) {
        String name = request.containerName(service, number);
        int step = plan.add(new CreateContainer(service.name(), number, name, replaces), after, reason);
        creations.computeIfAbsent(service.name(), key -> new ArrayList<>()).add(step);
        return new Starting(name, List.of(step), "created");
    }

    private Starting replace(Service service, Replacement replacement, List<Integer> ground) {
        ObservedContainer old = replacement.old();
        String reason = replacement.reason();
        if (request.options().renewAnonymousVolumes()) {
            int removal = remove(old, List.of(), true, reason);
            List<Integer> after = new ArrayList<>(ground);
            after.add(removal);
            return create(service, old.number(), Optional.empty(), after, reason);
        }
        Starting replacing = create(service, old.number(), Optional.of(old.id()), ground, reason);
        int removal = remove(old, replacing.after(), false, reason);
        return new Starting(replacing.name(), List.of(removal), "created");
    }

    /** Stops what has to be stopped and removes a container after the given steps. */
    private int remove(ObservedContainer container, List<Integer> after, boolean volumes, String reason) {
        List<Integer> before = new ArrayList<>(after);
        before.addAll(stopDependents(container.service(), after));
        List<Integer> stopped = plan.stop(container, before, reason);
        List<Integer> last = new ArrayList<>(after);
        last.addAll(stopped);
        return plan.add(new RemoveContainer(container.id(), container.name(), volumes), last, reason);
    }

    /**
     * Containers of services that restart with this one stop before it does. They are started again later: by this plan, or
     * by the next one when this only creates.
     */
    private List<Integer> stopDependents(String service, List<Integer> after) {
        List<Integer> stops = new ArrayList<>();
        String reason = "service \"%s\" is recreated".formatted(service);
        request.graph().dependentsOf(service).forEach((name, dependency) -> {
            if (dependency.restart() && isStartedLater(name)) {
                request.containersOf(name).forEach(dependent -> stops.addAll(plan.stop(dependent, after, reason)));
            }
        });
        return stops;
    }

    private boolean isStartedLater(String service) {
        return request.options().start()
                || request.selected().stream()
                        .anyMatch(selected -> selected.name().equals(service));
    }

    private Map<Integer, List<Integer>> removeLeftovers(Convergence convergence) {
        Map<Integer, List<Integer>> cleared = new HashMap<>();
        for (ObservedContainer leftover : convergence.leftovers()) {
            int removal = remove(leftover, List.of(), false, "left by an interrupted recreation");
            cleared.computeIfAbsent(leftover.number(), key -> new ArrayList<>()).add(removal);
        }
        return cleared;
    }

    private void removeExcess(Convergence convergence) {
        for (ObservedContainer container : convergence.excess()) {
            List<Integer> stopped = plan.stop(container, List.of(), "more than wanted");
            plan.add(new RemoveContainer(container.id(), container.name(), false), stopped, "more than wanted");
        }
    }

    private Optional<Starting> keep(ObservedContainer container, List<Integer> ground) {
        Optional<Integer> stop = plan.stopOf(container);
        if (stop.isPresent()) {
            List<Integer> after = new ArrayList<>(ground);
            after.add(stop.get());
            return Optional.of(new Starting(container.name(), after, "stopped for a dependency"));
        }
        String status = container.status().name().toLowerCase(Locale.ROOT);
        return container.isRunning() ? Optional.empty() : Optional.of(new Starting(container.name(), ground, status));
    }

    private static List<Integer> join(
            List<Integer> ground, Map<Integer, List<Integer>> cleared, ObservedContainer container) {
        List<Integer> joined = new ArrayList<>(ground);
        joined.addAll(cleared.getOrDefault(container.number(), List.of()));
        return joined;
    }

    private List<Integer> groundOf(Service service) {
        List<Integer> steps = new ArrayList<>();
        addIfPlanned(steps, groundwork.images(), request.image(service));
        request.networksOf(service).forEach(network -> addIfPlanned(steps, groundwork.networks(), network.name()));
        request.volumesOf(service).forEach(volume -> addIfPlanned(steps, groundwork.volumes(), volume.name()));
        Dependencies.donors(service).forEach(donor -> steps.addAll(creations.getOrDefault(donor, List.of())));
        return steps;
    }

    private static void addIfPlanned(List<Integer> steps, Map<String, Integer> planned, String name) {
        Integer step = planned.get(name);
        if (step != null) {
            steps.add(step);
        }
    }
}
