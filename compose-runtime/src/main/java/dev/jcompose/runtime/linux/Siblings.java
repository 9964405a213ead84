package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** The other containers of the project whose container is being made, and what is shared with those made at the same time. */
final class Siblings {
    private final ContainerIndex index;
    private final String project;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    Siblings(ContainerIndex index, String project) {
        this.index = index;
        this.project = project;
    }

    /** The container that {@code service:name} (its first, while that is replaced the new one) or {@code container:name} means. */
    Optional<ContainerPlan> find(String reference) {
        var name = reference.substring(reference.indexOf(':') + 1);
        if (reference.startsWith("service:")) {
            return index.plans(project).stream()
                    .filter(plan -> plan.text("x-service").equals(name)
                            && plan.text("x-oneoff").isEmpty())
                    .min(Comparator.<ContainerPlan>comparingLong(plan -> plan.number("x-number"))
                            .thenComparingLong(plan -> -plan.number("x-created")));
        }
        return index.byName(name);
    }

    /** Runs one at a time what concerns the same volume. */
    void exclusively(String volume, Runnable work) {
        var lock = locks.computeIfAbsent(volume, key -> new ReentrantLock());
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }
}
