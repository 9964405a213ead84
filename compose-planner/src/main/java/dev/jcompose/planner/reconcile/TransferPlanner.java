package dev.jcompose.planner.reconcile;

import dev.jcompose.model.Project;
import dev.jcompose.model.PullPolicy;
import dev.jcompose.model.Service;
import dev.jcompose.planner.Action;
import dev.jcompose.planner.Action.PullImage;
import dev.jcompose.planner.Action.PushImage;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.PullOptions;
import dev.jcompose.planner.graph.ServiceGraph;
import dev.jcompose.planner.state.ObservedProject;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Plans which images are fetched from and given to registries. */
final class TransferPlanner {
    private final Project declared;

    TransferPlanner(Project declared) {
        this.declared = declared;
    }

    Plan pull(ObservedProject observed, PullOptions options) {
        return plan(options.services(), options.withDependencies(), service -> pull(service, observed, options));
    }

    private Optional<Transfer> pull(Service service, ObservedProject observed, PullOptions options) {
        if (service.image().isEmpty()
                || (options.ignoreBuildable() && service.build().isPresent())) {
            return Optional.empty();
        }
        String image = service.image().get();
        PullPolicy policy = service.pullPolicy();
        boolean present = observed.images().containsKey(image);
        if (policy instanceof PullPolicy.Never
                || policy instanceof PullPolicy.Build
                || (policy instanceof PullPolicy.Missing && present)) {
            return Optional.empty();
        }
        return Optional.of(new Transfer(image, new PullImage(service.name(), image)));
    }

    Plan push(List<String> services, boolean withDependencies) {
        return plan(
                services,
                withDependencies,
                service -> service.build()
                        .flatMap(build -> service.image())
                        .map(image -> new Transfer(image, new PushImage(service.name(), image))));
    }

    private record Transfer(String image, Action action) {}

    private Plan plan(List<String> services, boolean withDependencies, Function<Service, Optional<Transfer>> transfer) {
        Project enabled = Selection.enable(declared, services);
        ServiceGraph graph = ServiceGraph.of(enabled);
        Collection<String> named = services.isEmpty() ? enabled.services().sequencedKeySet() : services;
        Collection<String> wanted = withDependencies ? graph.withDependencies(named) : named;
        PlanBuilder plan = new PlanBuilder(Optional.empty());
        Set<String> images = new LinkedHashSet<>();
        for (String name : graph.order()) {
            Service service = enabled.services().get(name);
            if (service != null && wanted.contains(name)) {
                transfer.apply(service)
                        .filter(found -> images.add(found.image()))
                        .ifPresent(found -> plan.add(found.action(), List.of(), "asked for"));
            }
        }
        return plan.build();
    }
}
