package dev.jcompose.planner.reconcile;

import dev.jcompose.model.Dependency;
import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.model.Project;
import dev.jcompose.planner.graph.Dependencies;
import dev.jcompose.planner.graph.ServiceGraph;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedProject;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What existing containers need of each other: as declared, else as their labels remember it. */
final class RememberedDependencies {
    /** {@code service:condition:restart,...}, the form Docker Compose writes too. */
    private static final String LABEL = "com.docker.compose.depends_on";

    private RememberedDependencies() {}

    static ServiceGraph graph(Optional<Project> declared, ObservedProject observed) {
        Map<String, Map<String, Dependency>> services = new LinkedHashMap<>();
        declared.map(Selection::enableAll)
                .ifPresent(project -> project.services()
                        .values()
                        .forEach(service -> services.put(service.name(), Dependencies.of(service))));
        observed.containers().stream()
                .map(ObservedContainer::service)
                .sorted()
                .forEach(name -> services.putIfAbsent(name, remembered(observed, name)));
        return ServiceGraph.remembered(services);
    }

    private static Map<String, Dependency> remembered(ObservedProject observed, String service) {
        Map<String, Dependency> dependencies = new LinkedHashMap<>();
        observed.containers().stream()
                .filter(container -> container.service().equals(service))
                .map(container -> container.labels().getOrDefault(LABEL, ""))
                .flatMap(label -> Arrays.stream(label.split(",", -1)))
                .filter(entry -> !entry.isBlank())
                .map(entry -> entry.split(":", -1))
                .forEach(parts -> dependencies.putIfAbsent(parts[0], dependency(parts)));
        return dependencies;
    }

    private static Dependency dependency(String[] parts) {
        Condition condition = Arrays.stream(Condition.values())
                .filter(known -> parts.length > 1 && known.text().equals(parts[1]))
                .findFirst()
                .orElse(Condition.STARTED);
        return new Dependency(condition, parts.length > 2 && parts[2].equals("true"), true);
    }
}
