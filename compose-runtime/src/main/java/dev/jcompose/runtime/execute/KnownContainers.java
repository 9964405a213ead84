package dev.jcompose.runtime.execute;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedProject;
import dev.jcompose.runtime.NotFoundException;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which container a name means while a plan changes what exists. */
final class KnownContainers {
    private final ObservedProject observed;
    private final Map<String, String> created = new ConcurrentHashMap<>();
    private final Set<String> removed = ConcurrentHashMap.newKeySet();

    KnownContainers(ObservedProject observed) {
        this.observed = observed;
    }

    void created(String name, String id) {
        created.put(name, id);
    }

    void removed(String id) {
        removed.add(id);
        created.values().remove(id);
    }

    /** The identifier of the container of that name: the one made last, if an older one still has it too. */
    String id(String name) {
        String id = created.get(name);
        if (id != null) {
            return id;
        }
        return observed.containers().stream()
                .filter(container -> container.name().equals(name) && !removed.contains(container.id()))
                .max(Comparator.comparing(ObservedContainer::created))
                .orElseThrow(() -> new NotFoundException("no container is called \"%s\"".formatted(name)))
                .id();
    }
}
