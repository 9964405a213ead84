package dev.jcompose.planner.graph;

import static java.util.Objects.requireNonNull;

import dev.jcompose.model.Dependency;
import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.model.problem.ComposeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import org.jgrapht.Graph;
import org.jgrapht.alg.cycle.CycleDetector;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.SimpleDirectedGraph;
import org.jgrapht.traverse.TopologicalOrderIterator;

/** The services of a project and what they need of each other; never a cycle. */
public final class ServiceGraph {
    private final SequencedMap<String, SequencedMap<String, Dependency>> dependencies;
    private final List<String> order;

    private ServiceGraph(SequencedMap<String, SequencedMap<String, Dependency>> dependencies) {
        this.dependencies = dependencies;
        this.order = order(dependencies);
    }

    /**
     * The graph of a project's enabled services.
     *
     * @throws DependencyCycleException when services need each other in a circle
     * @throws ComposeException when a service needs one that is not enabled or does not exist
     */
    public static ServiceGraph of(Project project) {
        SequencedMap<String, SequencedMap<String, Dependency>> all = new LinkedHashMap<>();
        for (Service service : project.services().values()) {
            all.put(service.name(), reachable(project, service));
        }
        return new ServiceGraph(all);
    }

    /** The graph of what containers remember; a dependency that would close a circle is left out, as is one on nothing. */
    public static ServiceGraph remembered(Map<String, ? extends Map<String, Dependency>> services) {
        SequencedMap<String, SequencedMap<String, Dependency>> kept = new LinkedHashMap<>();
        services.keySet().forEach(name -> kept.put(name, new LinkedHashMap<>()));
        services.forEach((name, needs) -> needs.forEach((needed, dependency) -> {
            if (kept.containsKey(needed) && !closure(kept, Set.of(needed)).contains(name)) {
                requireNonNull(kept.get(name)).put(needed, dependency);
            }
        }));
        return new ServiceGraph(kept);
    }

    /** All services, each after those it needs; otherwise in file order. */
    public List<String> order() {
        return order;
    }

    /** What a service needs directly, by service. */
    public SequencedMap<String, Dependency> dependenciesOf(String service) {
        return dependencies.getOrDefault(service, new LinkedHashMap<>());
    }

    /** The services that need this one directly, with how. */
    public SequencedMap<String, Dependency> dependentsOf(String service) {
        SequencedMap<String, Dependency> dependents = new LinkedHashMap<>();
        dependencies.forEach((name, needs) -> {
            if (needs.containsKey(service)) {
                dependents.put(name, needs.get(service));
            }
        });
        return dependents;
    }

    /** Those services and all they need, directly or not. */
    public SequencedSet<String> withDependencies(Collection<String> services) {
        Set<String> reached = closure(dependencies, services);
        return inOrder(reached);
    }

    /** Those services and all that restart with them, directly or not. */
    public SequencedSet<String> withRestartedDependents(Collection<String> services) {
        Set<String> reached = new LinkedHashSet<>(services);
        for (String name : order) {
            if (dependenciesOf(name).entrySet().stream()
                    .anyMatch(need -> need.getValue().restart() && reached.contains(need.getKey()))) {
                reached.add(name);
            }
        }
        return inOrder(reached);
    }

    private SequencedSet<String> inOrder(Set<String> services) {
        SequencedSet<String> sorted = new LinkedHashSet<>(order);
        sorted.retainAll(services);
        return sorted;
    }

    private static SequencedMap<String, Dependency> reachable(Project project, Service service) {
        SequencedMap<String, Dependency> reachable = new LinkedHashMap<>();
        Dependencies.of(service).forEach((needed, dependency) -> {
            if (project.services().containsKey(needed)) {
                reachable.put(needed, dependency);
            } else if (dependency.required()) {
                throw new ComposeException(unreachable(project, service, needed));
            }
        });
        return reachable;
    }

    private static String unreachable(Project project, Service service, String needed) {
        Service disabled = project.disabledServices().get(needed);
        return disabled == null
                ? "service \"%s\" depends on undefined service \"%s\"".formatted(service.name(), needed)
                : "service \"%s\" depends on service \"%s\", which is not enabled (its profiles: %s)"
                        .formatted(service.name(), needed, String.join(", ", disabled.profiles()));
    }

    private static Set<String> closure(
            Map<String, ? extends Map<String, Dependency>> dependencies, Collection<String> from) {
        Set<String> reached = new LinkedHashSet<>();
        List<String> open = new ArrayList<>(from);
        while (!open.isEmpty()) {
            String name = open.removeLast();
            if (reached.add(name)) {
                open.addAll(
                        dependencies.containsKey(name) ? dependencies.get(name).keySet() : Set.of());
            }
        }
        return reached;
    }

    private static List<String> order(SequencedMap<String, SequencedMap<String, Dependency>> dependencies) {
        Graph<String, DefaultEdge> graph = new SimpleDirectedGraph<>(null, DefaultEdge::new, false);
        dependencies.keySet().forEach(graph::addVertex);
        dependencies.forEach((name, needs) -> needs.keySet().forEach(needed -> {
            if (needed.equals(name)) {
                throw new DependencyCycleException(List.of(name, name));
            }
            graph.addEdge(needed, name);
        }));
        Set<String> cyclic = new CycleDetector<>(graph).findCycles();
        if (!cyclic.isEmpty()) {
            throw new DependencyCycleException(walk(dependencies, cyclic));
        }
        List<String> fileOrder = List.copyOf(dependencies.keySet());
        List<String> order = new ArrayList<>();
        new TopologicalOrderIterator<>(
                        graph, (one, other) -> Integer.compare(fileOrder.indexOf(one), fileOrder.indexOf(other)))
                .forEachRemaining(order::add);
        return List.copyOf(order);
    }

    /** Follows needs among services that are on cycles until one comes up again; every one of them has such a need. */
    private static List<String> walk(
            SequencedMap<String, SequencedMap<String, Dependency>> dependencies, Set<String> cyclic) {
        List<String> path = new ArrayList<>();
        String name = dependencies.keySet().stream()
                .filter(cyclic::contains)
                .findFirst()
                .orElseThrow();
        while (!path.contains(name)) {
            path.add(name);
            name = requireNonNull(dependencies.get(name)).keySet().stream()
                    .filter(cyclic::contains)
                    .findFirst()
                    .orElseThrow();
        }
        path.add(name);
        return path.subList(path.indexOf(name), path.size());
    }
}
