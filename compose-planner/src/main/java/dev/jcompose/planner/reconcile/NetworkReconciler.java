package dev.jcompose.planner.reconcile;

import dev.jcompose.model.NetworkConfig;
import dev.jcompose.model.Service;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.planner.Action.CreateNetwork;
import dev.jcompose.planner.Action.RemoveNetwork;
import dev.jcompose.planner.UpOptions.Recreate;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedProject.ObservedNetwork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** Plans the networks that services join: missing ones are created, changed ones made anew. */
final class NetworkReconciler {
    private final UpRequest request;
    private final PlanBuilder plan;
    private final SequencedMap<String, NetworkConfig> needed = new LinkedHashMap<>();

    NetworkReconciler(UpRequest request, PlanBuilder plan) {
        this.request = request;
        this.plan = plan;
        request.selected().forEach(this::need);
    }

    private void need(Service service) {
        request.networksOf(service).forEach(network -> needed.putIfAbsent(network.name(), network));
    }

    /** Refuses a plan whose external networks are missing. */
    void checkExternal() {
        for (NetworkConfig network : needed.values()) {
            if (network.external() && observed(network).isEmpty()) {
                throw new ComposeException(
                        "network \"%s\" is declared as external, but does not exist: create it first or remove external: true"
                                .formatted(network.name()));
            }
        }
    }

    /** Names of networks about to be created or made anew: containers created for an earlier one cannot stay. */
    Set<String> renewed() {
        Set<String> names = new LinkedHashSet<>();
        for (NetworkConfig network : needed.values()) {
            if (observed(network).map(existing -> isChanged(network, existing)).orElse(!network.external())) {
                names.add(network.name());
            }
        }
        return names;
    }

    /** Plans the networks; returns the step that makes each, by name. */
    Map<String, Integer> reconcile() {
        Map<String, Integer> steps = new HashMap<>();
        for (NetworkConfig network : needed.values()) {
            Optional<ObservedNetwork> existing = observed(network);
            if (existing.isEmpty()) {
                steps.put(network.name(), plan.add(creation(network), List.of(), "not found"));
            } else if (isChanged(network, existing.get())) {
                steps.put(network.name(), renew(network));
            } else if (!network.external()
                    && !existing.get().project().equals(request.declared().name())) {
                plan.warn("network \"%s\" exists, but was not made for project \"%s\"; it is used as it is"
                        .formatted(network.name(), request.declared().name()));
            }
        }
        return steps;
    }

    private int renew(NetworkConfig network) {
        String reason = "network \"%s\" is made anew".formatted(network.name());
        List<Integer> stops = new ArrayList<>();
        for (ObservedContainer container : containersOn(network).reversed()) {
            stops.addAll(plan.stop(container, List.of(), reason));
        }
        int removal = plan.add(new RemoveNetwork(network.name()), stops, "configuration changed");
        return plan.add(creation(network), List.of(removal), "configuration changed");
    }

    /** Every container on a network, in dependency order. */
    private List<ObservedContainer> containersOn(NetworkConfig network) {
        List<ObservedContainer> containers = new ArrayList<>();
        request.graph().order().forEach(service -> containers.addAll(request.containersOf(service)));
        request.observed().containers().stream()
                .filter(container -> !containers.contains(container))
                .filter(container -> container.networks().containsKey(network.name()))
                .forEach(stranger -> {
                    refuse(network, stranger);
                    containers.add(stranger);
                });
        containers.removeIf(container -> !container.networks().containsKey(network.name()));
        return containers;
    }

    private void refuse(NetworkConfig network, ObservedContainer container) {
        boolean goes = request.options().removeOrphans() && OrphanReconciler.isOrphan(request.declared(), container);
        if (container.isRunning() && !goes) {
            throw new ComposeException(
                    "network \"%s\" has changed and must be made anew, but container %s, which belongs to no enabled service, still uses it: remove it first, or use --remove-orphans"
                            .formatted(network.name(), container.name()));
        }
    }

    private boolean isChanged(NetworkConfig network, ObservedNetwork existing) {
        return !network.external()
                && request.options().recreate() != Recreate.NEVER
                && existing.project().equals(request.declared().name())
                && !existing.configHash().isEmpty()
                && !existing.configHash().equals(network.configHash());
    }

    private Optional<ObservedNetwork> observed(NetworkConfig network) {
        return request.observed().networks().stream()
                .filter(existing -> existing.name().equals(network.name()))
                .findFirst();
    }

    private static CreateNetwork creation(NetworkConfig network) {
        return new CreateNetwork(network.key(), network.name());
    }
}
