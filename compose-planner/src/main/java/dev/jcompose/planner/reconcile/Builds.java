package dev.jcompose.planner.reconcile;

import dev.jcompose.model.Build;
import dev.jcompose.model.BuildMeans;
import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.planner.Action.BuildImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/** Plans builds, each after those of the services it takes files from ({@code additional_contexts: service:x}). */
final class Builds {
    private final Project project;
    private final PlanBuilder plan;
    private final Map<String, Integer> steps = new LinkedHashMap<>();
    private final SequencedSet<String> under = new LinkedHashSet<>();

    Builds(Project project, PlanBuilder plan) {
        this.project = project;
        this.plan = plan;
    }

    /** The step that builds a service's image. */
    int add(Service service, String reason) {
        Integer known = steps.get(service.name());
        if (known != null) {
            return known;
        }
        if (!under.add(service.name())) {
            throw new ComposeException("services need each other's images to be built: " + String.join(" -> ", under)
                    + " -> " + service.name());
        }
        List<Integer> needs = new ArrayList<>();
        for (String name :
                service.build().map(Build::means).map(BuildMeans::services).orElse(List.of())) {
            Service needed = find(name)
                    .orElseThrow(() -> new ComposeException(
                            "service \"%s\" is built from undefined service \"%s\"".formatted(service.name(), name)));
            if (needed.build().isPresent()) {
                needs.add(add(needed, "service \"" + service.name() + "\" is built from it"));
            }
        }
        under.remove(service.name());
        int step = plan.add(new BuildImage(service.name(), service.imageOr(project.name())), needs, reason);
        steps.put(service.name(), step);
        return step;
    }

    private Optional<Service> find(String name) {
        return Optional.ofNullable(project.services().get(name))
                .or(() -> Optional.ofNullable(project.disabledServices().get(name)));
    }
}
