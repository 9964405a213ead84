package dev.jcompose.planner.reconcile;

import dev.jcompose.model.Service;
import dev.jcompose.planner.state.ObservedContainer;
import java.util.List;

/**
 * What brings the containers of one service from what exists to what is wanted.
 *
 * @param kept containers that stay, and are started when they do not run
 * @param replaced containers that another takes over from
 * @param created numbers of new containers
 * @param leftovers second containers of a number, from a replacement that was cut off
 * @param excess containers beyond the number wanted
 */
record Convergence(
        Service service,
        List<ObservedContainer> kept,
        List<Replacement> replaced,
        List<Integer> created,
        List<ObservedContainer> leftovers,
        List<ObservedContainer> excess) {
    Convergence {
        kept = List.copyOf(kept);
        replaced = List.copyOf(replaced);
        created = List.copyOf(created);
        leftovers = List.copyOf(leftovers);
        excess = List.copyOf(excess);
    }

    /** A container that is replaced, and why. */
    record Replacement(ObservedContainer old, String reason) {}

    /** A service whose containers are not looked at, only restarted. */
    static Convergence untouched(Service service, List<ObservedContainer> running) {
        return new Convergence(service, running, List.of(), List.of(), List.of(), List.of());
    }

    /** A service whose containers are left alone while one more is made. */
    static Convergence oneOff(Service service) {
        return new Convergence(service, List.of(), List.of(), List.of(1), List.of(), List.of());
    }

    boolean createsContainers() {
        return !replaced.isEmpty() || !created.isEmpty();
    }

    /** Whether a container that others may hold on to gives way to another. */
    boolean isRenewed() {
        return !replaced.isEmpty() || !leftovers.isEmpty();
    }
}
