package dev.jcompose.model.load;

import dev.jcompose.model.problem.Problems;
import dev.jcompose.model.yaml.Mapping;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Finds services that wait for each other in a circle. */
final class DependencyCycles {
    private final Mapping services;
    private final Problems problems;
    private final Set<String> done = new HashSet<>();

    DependencyCycles(Mapping services, Problems problems) {
        this.services = services;
        this.problems = problems;
    }

    void check() {
        for (var name : services.entries().keySet()) {
            if (!done.contains(name) && visit(name)) {
                return;
            }
        }
    }

    /** A service on the current way, and which of its dependencies are still to be visited. */
    private record Stop(String name, Iterator<String> rest) {}

    private boolean visit(String start) {
        Deque<Stop> way = new ArrayDeque<>();
        way.push(new Stop(start, dependencies(start)));
        while (!way.isEmpty()) {
            var stop = way.peek();
            if (!stop.rest().hasNext()) {
                done.add(stop.name());
                way.pop();
                continue;
            }
            var next = stop.rest().next();
            if (way.stream().anyMatch(one -> one.name().equals(next))) {
                report(way, next);
                return true;
            }
            if (!done.contains(next)) {
                way.push(new Stop(next, dependencies(next)));
            }
        }
        return false;
    }

    private Iterator<String> dependencies(String name) {
        return services.mapping(name)
                .flatMap(service -> service.mapping("depends_on"))
                .map(all -> all.entries().keySet().iterator())
                .orElseGet(() -> List.<String>of().iterator());
    }

    private void report(Deque<Stop> way, String closing) {
        var names = new ArrayList<String>();
        way.descendingIterator().forEachRemaining(stop -> names.add(stop.name()));
        var cycle = new ArrayList<>(names.subList(names.indexOf(closing), names.size()));
        cycle.add(closing);
        var at = services.mapping(closing).orElse(services);
        problems.error(at.at(), "services." + closing, "dependency cycle detected: " + String.join(" -> ", cycle));
    }
}
