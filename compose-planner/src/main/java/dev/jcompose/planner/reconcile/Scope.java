package dev.jcompose.planner.reconcile;

import dev.jcompose.model.Project;
import dev.jcompose.planner.graph.ServiceGraph;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedProject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What a command on existing containers works on: a project, declared or not, and the services named. */
record Scope(Optional<Project> declared, ObservedProject observed, List<String> named, ServiceGraph graph) {
    static Scope of(Optional<Project> declared, ObservedProject observed, List<String> named) {
        Scope scope = new Scope(declared, observed, named, RememberedDependencies.graph(declared, observed));
        named.forEach(name -> Selection.check(name, scope.graph().order()));
        return scope;
    }

    /** Whether a service is named, or none is and it is not an orphan. */
    boolean includes(String service) {
        return named.isEmpty() ? isDeclared(service) : named.contains(service);
    }

    /** Whether the files declare a service; without files, every one counts. */
    boolean isDeclared(String service) {
        return declared.map(project -> project.services().containsKey(service)
                        || project.disabledServices().containsKey(service))
                .orElse(true);
    }

    /** The services included, in dependency order. */
    List<String> services() {
        return graph.order().stream().filter(this::includes).toList();
    }

    /** The services' own containers among those, in the order of the services, then by number. */
    List<ObservedContainer> containersOf(List<String> services) {
        Set<String> wanted = new LinkedHashSet<>(services);
        return containers(container -> !container.oneOff() && wanted.contains(container.service()));
    }

    /** All containers of a kind, in dependency order, then by number. */
    List<ObservedContainer> containers(Predicate<ObservedContainer> kind) {
        List<ObservedContainer> found = new ArrayList<>();
        for (String service : graph.order()) {
            observed.containers().stream()
                    .filter(container -> container.service().equals(service))
                    .filter(kind)
                    .sorted(Scope::byNumber)
                    .forEach(found::add);
        }
        return found;
    }

    private static int byNumber(ObservedContainer one, ObservedContainer other) {
        int order = Integer.compare(one.number(), other.number());
        return order == 0 ? one.name().compareTo(other.name()) : order;
    }
}
