package dev.jcompose.planner.reconcile;

import dev.jcompose.model.Project;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.UpOptions;
import dev.jcompose.planner.reconcile.ContainerReconciler.Groundwork;
import dev.jcompose.planner.state.ObservedProject;
import java.util.SequencedMap;

/** Plans {@code up}, {@code create} and {@code scale}: checks, decisions, then steps from the ground up. */
final class UpPlanner {
    private final UpRequest request;
    private final PlanBuilder plan;
    private final NetworkReconciler networks;
    private final VolumeReconciler volumes;

    UpPlanner(Project declared, ObservedProject observed, UpOptions options) {
        this.request = UpRequest.of(declared, observed, options);
        this.plan = new PlanBuilder(options.timeout());
        this.networks = new NetworkReconciler(request, plan);
        this.volumes = new VolumeReconciler(request, plan);
    }

    Plan images() {
        new ImageReconciler(request, plan).reconcile(decide().values());
        return plan.build();
    }

    Plan up() {
        SequencedMap<String, Convergence> convergences = decide();
        Groundwork groundwork = new Groundwork(
                new ImageReconciler(request, plan).reconcile(convergences.values()),
                networks.reconcile(),
                volumes.reconcile());
        new ContainerReconciler(request, plan, convergences, groundwork).reconcile();
        new OrphanReconciler(request, plan).reconcile();
        return plan.build();
    }

    private SequencedMap<String, Convergence> decide() {
        new UpChecks(request).check();
        networks.checkExternal();
        volumes.checkExternal();
        return new ContainerDecider(request, networks.renewed()).decide();
    }
}
