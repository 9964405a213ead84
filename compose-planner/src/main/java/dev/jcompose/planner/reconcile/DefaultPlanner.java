package dev.jcompose.planner.reconcile;

import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.planner.DownOptions;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.Planner;
import dev.jcompose.planner.PullOptions;
import dev.jcompose.planner.UpOptions;
import dev.jcompose.planner.graph.ServiceGraph;
import dev.jcompose.planner.state.ObservedProject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Plans every command, each with its own planner or reconcilers. */
public final class DefaultPlanner implements Planner {
    @Override
    public Plan images(Project declared, ObservedProject observed, UpOptions options) {
        return new UpPlanner(declared, observed, options).images();
    }

    @Override
    public Plan up(Project declared, ObservedProject observed, UpOptions options) {
        return new UpPlanner(declared, observed, options).up();
    }

    @Override
    public Plan down(Optional<Project> declared, ObservedProject observed, DownOptions options) {
        return new DownPlanner(declared, observed, options).down();
    }

    @Override
    public Plan start(Project declared, ObservedProject observed, List<String> services) {
        return lifecycle(Optional.of(declared), observed, services, Optional.empty())
                .start();
    }

    @Override
    public Plan stop(
            Optional<Project> declared, ObservedProject observed, List<String> services, Optional<Duration> timeout) {
        return lifecycle(declared, observed, services, timeout).stop();
    }

    @Override
    public Plan restart(
            Project declared,
            ObservedProject observed,
            List<String> services,
            boolean withDependents,
            Optional<Duration> timeout) {
        return lifecycle(Optional.of(declared), observed, services, timeout).restart(withDependents);
    }

    @Override
    public Plan kill(
            Optional<Project> declared,
            ObservedProject observed,
            List<String> services,
            String signal,
            boolean removeOrphans) {
        return lifecycle(declared, observed, services, Optional.empty()).kill(signal, removeOrphans);
    }

    @Override
    public Plan pull(Project declared, ObservedProject observed, PullOptions options) {
        return new TransferPlanner(declared).pull(observed, options);
    }

    @Override
    public Plan push(Project declared, List<String> services, boolean withDependencies) {
        return new TransferPlanner(declared).push(services, withDependencies);
    }

    @Override
    public Plan resume(ObservedProject observed, Set<String> containers) {
        return lifecycle(Optional.empty(), observed, List.of(), Optional.empty())
                .resume(containers);
    }

    @Override
    public Plan pause(Optional<Project> declared, ObservedProject observed, List<String> services) {
        return lifecycle(declared, observed, services, Optional.empty()).pause();
    }

    @Override
    public Plan unpause(Optional<Project> declared, ObservedProject observed, List<String> services) {
        return lifecycle(declared, observed, services, Optional.empty()).unpause();
    }

    @Override
    public Plan remove(
            Optional<Project> declared,
            ObservedProject observed,
            List<String> services,
            boolean stop,
            boolean volumes) {
        return lifecycle(declared, observed, services, Optional.empty()).remove(stop, volumes);
    }

    @Override
    public Plan build(Project declared, List<String> services, boolean withDependencies) {
        Project enabled = Selection.enable(declared, services);
        ServiceGraph graph = ServiceGraph.of(enabled);
        Collection<String> named = services.isEmpty() ? enabled.services().sequencedKeySet() : services;
        Collection<String> wanted = withDependencies ? graph.withDependencies(named) : named;
        PlanBuilder plan = new PlanBuilder(Optional.empty());
        Builds builds = new Builds(declared, plan);
        for (String name : graph.order()) {
            Service service = enabled.services().get(name);
            if (service != null && service.build().isPresent() && wanted.contains(name)) {
                builds.add(service, "asked for");
            }
        }
        if (plan.build().steps().isEmpty()) {
            plan.warn("no service to build: none of them has a build section");
        }
        return plan.build();
    }

    private static LifecyclePlanner lifecycle(
            Optional<Project> declared, ObservedProject observed, List<String> services, Optional<Duration> timeout) {
        return new LifecyclePlanner(Scope.of(declared, observed, services), timeout);
    }
}
