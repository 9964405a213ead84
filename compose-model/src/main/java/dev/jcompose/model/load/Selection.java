package dev.jcompose.model.load;

import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.model.problem.Problems;
import dev.jcompose.model.spec.Nearest;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Mapping.Entry;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Some services of a model and everything they depend on. */
final class Selection {
    private final Mapping model;
    private final Problems problems;

    Selection(Mapping model, Problems problems) {
        this.model = model;
        this.problems = problems;
    }

    Mapping of(List<String> names) {
        var services = model.mapping("services").orElseGet(() -> Mapping.empty(model.at()));
        var kept = new LinkedHashSet<String>();
        var open = new ArrayDeque<String>();
        for (var name : names) {
            if (services.has(name)) {
                open.add(name);
            } else {
                throw new ComposeException("no such service: " + name
                        + Nearest.hint(name, services.entries().keySet()));
            }
        }
        while (!open.isEmpty()) {
            var name = open.remove();
            if (kept.add(name)) {
                services.mapping(name)
                        .flatMap(service -> service.mapping("depends_on"))
                        .ifPresent(all -> open.addAll(known(all, services)));
            }
        }
        var entries = new LinkedHashMap<String, Entry>();
        services.entries().forEach((name, entry) -> {
            if (kept.contains(name)) {
                entries.put(name, entry);
            }
        });
        return model.with("services", new Mapping(services.at(), entries));
    }

    /** Those that others depend on must be enabled; the ones that are not required are gone already when they are not. */
    private Set<String> known(Mapping dependencies, Mapping services) {
        var known = new LinkedHashSet<String>();
        dependencies.entries().forEach((name, entry) -> {
            if (services.has(name)) {
                known.add(name);
            } else {
                problems.error(entry.keyAt(), "", "no such service: " + name);
            }
        });
        return known;
    }
}
