package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Namespaces taken over from another container: the plan says whose they are ({@code x-shared}) and, from a start on, where that
 * container's state is kept, so that each run finds the process that has them then.
 */
final class SharedNamespaces {
    private static final String KEY = "x-shared";
    private static final String DONOR = "container:";

    private SharedNamespaces() {}

    static void add(ContainerPlan.Builder plan, String kind, String donor) {
        plan.add("namespace", kind, DONOR);
        plan.add(KEY, kind, donor);
    }

    static boolean hasAny(ContainerPlan plan) {
        return plan.first(KEY).isPresent();
    }

    /** The identifiers of the containers whose namespaces it shares. */
    static List<String> donors(ContainerPlan plan) {
        return plan.all(KEY).stream().map(frame -> frame.text(2)).distinct().toList();
    }

    /** The plan with the places of now; {@code containers} tells where its donors run. */
    static ContainerPlan located(ContainerPlan plan, ContainerIndex index, ContainerStates states) {
        Map<String, String> places = new HashMap<>();
        for (var shared : plan.all(KEY)) {
            var donor = index.require(shared.text(2));
            if (states.of(donor).pid().isEmpty()) {
                throw new BackendException("cannot start container " + plan.name() + ": it shares the "
                        + shared.text(1) + " namespace of container "
                        + index.plan(donor).name() + ", which is not running; start that one first");
            }
            places.put(shared.text(1), DONOR + donor.run());
        }
        return plan.replacing(frame -> frame.key().equals("namespace") && places.containsKey(frame.text(1)), frame ->
                new String[] {frame.text(1), places.getOrDefault(frame.text(1), frame.text(2))});
    }
}
