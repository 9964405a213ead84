package dev.jcompose.planner.reconcile;

import dev.jcompose.model.Project;
import dev.jcompose.model.VolumeConfig;
import dev.jcompose.planner.Action.RemoveContainer;
import dev.jcompose.planner.Action.RemoveNetwork;
import dev.jcompose.planner.Action.RemoveVolume;
import dev.jcompose.planner.DownOptions;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedProject;
import dev.jcompose.planner.state.ObservedProject.ObservedNetwork;
import dev.jcompose.planner.state.ObservedProject.ObservedVolume;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Plans {@code down}: containers in reverse dependency order, then what they stood on. */
final class DownPlanner {
    private static final String REASON = "down";

    private final Scope scope;
    private final DownOptions options;
    private final PlanBuilder plan;
    private final Map<String, Integer> removals = new HashMap<>();

    DownPlanner(Optional<Project> declared, ObservedProject observed, DownOptions options) {
        this.scope = Scope.of(declared, observed, options.services());
        this.options = options;
        this.plan = new PlanBuilder(options.timeout());
    }

    Plan down() {
        List<ObservedContainer> going = scope.containers(this::goes);
        new Shutdown(scope.graph(), plan, REASON).stop(going);
        going.reversed().forEach(this::remove);
        if (options.services().isEmpty()) {
            scope.observed().networks().stream().filter(this::isOurs).forEach(this::removeNetwork);
        }
        if (options.services().isEmpty() && options.volumes()) {
            scope.observed().volumes().stream().filter(this::isOurs).forEach(this::removeVolume);
        }
        Plan built = plan.build();
        if (built.steps().isEmpty()) {
            plan.warn("no resource found to remove for project \"%s\""
                    .formatted(scope.observed().name()));
        }
        return plan.build();
    }

    private boolean goes(ObservedContainer container) {
        if (container.oneOff()) {
            return options.removeOrphans() && (options.services().isEmpty() || scope.includes(container.service()));
        }
        boolean orphan = options.services().isEmpty() && options.removeOrphans();
        return orphan || scope.includes(container.service());
    }

    private void remove(ObservedContainer container) {
        var removal = new RemoveContainer(container.id(), container.name(), options.volumes());
        removals.put(container.id(), plan.add(removal, plan.stop(container, List.of(), REASON), REASON));
    }

    private boolean isOurs(ObservedNetwork network) {
        return network.project().equals(scope.observed().name());
    }

    private boolean isOurs(ObservedVolume volume) {
        boolean external = scope.declared().stream()
                .flatMap(project -> project.volumes().values().stream())
                .filter(VolumeConfig::external)
                .anyMatch(declared -> declared.name().equals(volume.name()));
        return !external && volume.project().equals(scope.observed().name());
    }

    private void removeNetwork(ObservedNetwork network) {
        Predicate<ObservedContainer> joined = container -> container.networks().containsKey(network.name());
        Optional<ObservedContainer> user = staying(joined.and(ObservedContainer::isRunning));
        if (user.isPresent()) {
            plan.warn("network \"%s\" stays: container %s still uses it"
                    .formatted(network.name(), user.get().name()));
            return;
        }
        plan.add(new RemoveNetwork(network.name()), removalsOf(joined), REASON);
    }

    private void removeVolume(ObservedVolume volume) {
        Predicate<ObservedContainer> mounted = container -> container.volumes().contains(volume.name());
        Optional<ObservedContainer> user = staying(mounted);
        if (user.isPresent()) {
            plan.warn("volume \"%s\" stays: container %s still uses it"
                    .formatted(volume.name(), user.get().name()));
            return;
        }
        plan.add(new RemoveVolume(volume.name()), removalsOf(mounted), REASON);
    }

    private Optional<ObservedContainer> staying(Predicate<ObservedContainer> kind) {
        return scope.observed().containers().stream()
                .filter(container -> !removals.containsKey(container.id()))
                .filter(kind)
                .findFirst();
    }

    private List<Integer> removalsOf(Predicate<ObservedContainer> kind) {
        return scope.observed().containers().stream()
                .filter(kind)
                .flatMap(container -> Optional.ofNullable(removals.get(container.id())).stream())
                .toList();
    }
}
