package dev.jcompose.planner.reconcile;

import static java.util.stream.Collectors.joining;

import dev.jcompose.model.Project;
import dev.jcompose.planner.Action.RemoveContainer;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedContainer.Status;
import java.util.List;

/** Plans the removal of containers whose service is no longer declared, or tells of them. */
final class OrphanReconciler {
    private final UpRequest request;
    private final PlanBuilder plan;

    OrphanReconciler(UpRequest request, PlanBuilder plan) {
        this.request = request;
        this.plan = plan;
    }

    /** A container of no declared service, or what an ended {@code run} left. */
    static boolean isOrphan(Project project, ObservedContainer container) {
        if (container.oneOff()) {
            return container.status() == Status.EXITED || container.status() == Status.DEAD;
        }
        return !project.services().containsKey(container.service())
                && !project.disabledServices().containsKey(container.service());
    }

    void reconcile() {
        List<ObservedContainer> orphans = request.observed().containers().stream()
                .filter(container -> isOrphan(request.declared(), container))
                .toList();
        if (request.options().removeOrphans()) {
            orphans.forEach(this::remove);
        } else if (!orphans.isEmpty() && !request.options().ignoreOrphans()) {
            plan.warn(
                    "found orphan containers (%s) for this project: if their service was removed or renamed, --remove-orphans cleans them up"
                            .formatted(orphans.stream()
                                    .map(ObservedContainer::name)
                                    .collect(joining(", "))));
        }
    }

    private void remove(ObservedContainer orphan) {
        var removal = new RemoveContainer(orphan.id(), orphan.name(), false);
        plan.add(removal, plan.stop(orphan, List.of(), "orphan"), "orphan");
    }
}
