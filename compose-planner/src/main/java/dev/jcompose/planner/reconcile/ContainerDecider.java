package dev.jcompose.planner.reconcile;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import dev.jcompose.model.Service;
import dev.jcompose.planner.UpOptions.Recreate;
import dev.jcompose.planner.graph.Dependencies;
import dev.jcompose.planner.reconcile.Convergence.Replacement;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedContainer.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Decides which containers stay, are replaced, are new, or go; plans nothing yet. */
final class ContainerDecider {
    private final UpRequest request;
    private final Set<String> renewedNetworks;
    private final Set<String> selected;
    private final SequencedMap<String, Convergence> decided = new LinkedHashMap<>();

    /** For networks about to be made anew, by name on the backend. */
    ContainerDecider(UpRequest request, Set<String> renewedNetworks) {
        this.request = request;
        this.renewedNetworks = Set.copyOf(renewedNetworks);
        this.selected = request.selected().stream().map(Service::name).collect(toSet());
    }

    /** A decision for each service concerned, in dependency order. */
    SequencedMap<String, Convergence> decide() {
        for (String name : request.graph().order()) {
            Service service = request.declared().services().get(name);
            if (service != null) {
                decide(service);
            }
        }
        return decided;
    }

    private void decide(Service service) {
        List<ObservedContainer> existing = request.containersOf(service.name());
        if (request.isOneOff(service)) {
            decided.put(service.name(), Convergence.oneOff(service));
        } else if (selected.contains(service.name())) {
            decided.put(service.name(), converge(service, existing, request.wanted(service)));
        } else if (existing.stream().anyMatch(this::isOnRenewedNetwork)) {
            decided.put(service.name(), converge(service, existing, numbers(existing)));
        } else if (restartsWithADependency(service.name())) {
            List<ObservedContainer> running =
                    existing.stream().filter(ObservedContainer::isRunning).toList();
            decided.put(service.name(), Convergence.untouched(service, running));
        }
    }

    private static int numbers(List<ObservedContainer> containers) {
        return (int)
                containers.stream().map(ObservedContainer::number).distinct().count();
    }

    private boolean isOnRenewedNetwork(ObservedContainer container) {
        return container.networks().keySet().stream().anyMatch(renewedNetworks::contains);
    }

    private boolean restartsWithADependency(String service) {
        return request.graph().dependenciesOf(service).entrySet().stream()
                .filter(need -> need.getValue().restart())
                .map(need -> decided.get(need.getKey()))
                .anyMatch(needed -> needed != null && needed.isRenewed());
    }

    /** A container with why it no longer fits, if so. */
    private record Candidate(ObservedContainer container, Optional<String> obsolete) {
        /** Low for one that fits, then for one that runs, then for one that ever ran. */
        int rank() {
            return (obsolete.isPresent() ? 4 : 0)
                    + (container.isRunning() ? 0 : 2)
                    + (container.status() == Status.CREATED ? 1 : 0);
        }
    }

    private Convergence converge(Service service, List<ObservedContainer> existing, int wanted) {
        List<Candidate> candidates = new ArrayList<>();
        List<ObservedContainer> leftovers = new ArrayList<>();
        existing.stream()
                .collect(groupingBy(ObservedContainer::number, TreeMap::new, toList()))
                .values()
                .forEach(sameNumber -> {
                    Candidate best = best(service, sameNumber);
                    candidates.add(best);
                    sameNumber.stream()
                            .filter(other -> !other.id().equals(best.container().id()))
                            .forEach(leftovers::add);
                });
        // those that fit first, each by number: what is beyond the wanted count goes
        candidates.sort((one, other) ->
                Boolean.compare(one.obsolete().isPresent(), other.obsolete().isPresent()));
        int staying = Math.min(wanted, candidates.size());
        List<ObservedContainer> kept = new ArrayList<>();
        List<Replacement> replaced = new ArrayList<>();
        candidates
                .subList(0, staying)
                .forEach(candidate -> replacement(service, candidate)
                        .ifPresentOrElse(
                                reason -> replaced.add(new Replacement(candidate.container(), reason)),
                                () -> kept.add(candidate.container())));
        List<ObservedContainer> excess = candidates.subList(staying, candidates.size()).stream()
                .map(Candidate::container)
                .toList();
        return new Convergence(service, kept, replaced, newNumbers(existing, wanted - staying), leftovers, excess);
    }

    private static List<Integer> newNumbers(List<ObservedContainer> existing, int count) {
        int highest =
                existing.stream().mapToInt(ObservedContainer::number).max().orElse(0);
        return IntStream.rangeClosed(highest + 1, highest + count).boxed().toList();
    }

    /** Of several containers of one number: the one that fits, else the one with the longest history. */
    private Candidate best(Service service, List<ObservedContainer> sameNumber) {
        return sameNumber.stream()
                .map(container -> new Candidate(container, obsolete(service, container)))
                .min((one, other) -> Integer.compare(one.rank(), other.rank()))
                .orElseThrow();
    }

    private Optional<String> replacement(Service service, Candidate candidate) {
        boolean forced = request.targets().contains(service.name())
                ? request.options().recreate() == Recreate.ALWAYS
                : selected.contains(service.name()) && request.options().alwaysRecreateDependencies();
        return request.options().recreate() == Recreate.NEVER
                ? Optional.empty()
                : candidate.obsolete().or(() -> forced ? Optional.of("asked for") : Optional.empty());
    }

    private Optional<String> obsolete(Service service, ObservedContainer container) {
        if (!container.configHash().equals(service.configHash())) {
            return Optional.of("configuration changed");
        }
        if (!container.name().equals(request.containerName(service, container.number()))) {
            return Optional.of("name changed");
        }
        return imageReason(service, container)
                .or(() -> placeReason(service, container))
                .or(() -> donorReason(service))
                .or(() -> container.status() == Status.DEAD ? Optional.of("dead") : Optional.empty());
    }

    private Optional<String> imageReason(Service service, ObservedContainer container) {
        if (ImageReconciler.renewal(request, service).isPresent()) {
            return Optional.of("image is made anew");
        }
        String present = request.observed().images().get(request.image(service));
        return present == null || present.equals(container.imageId()) ? Optional.empty() : Optional.of("image changed");
    }

    private Optional<String> placeReason(Service service, ObservedContainer container) {
        Optional<String> renewed = container.networks().keySet().stream()
                .filter(renewedNetworks::contains)
                .findFirst();
        if (renewed.isPresent()) {
            return Optional.of("network \"%s\" is made anew".formatted(renewed.get()));
        }
        for (var network : request.networksOf(service)) {
            if (!container.networks().containsKey(network.name())) {
                return Optional.of("not on network \"%s\"".formatted(network.name()));
            }
        }
        return request.volumesOf(service).stream()
                .filter(volume -> !container.volumes().contains(volume.name()))
                .findFirst()
                .map(volume -> "without volume \"%s\"".formatted(volume.name()));
    }

    private Optional<String> donorReason(Service service) {
        for (Map.Entry<String, Convergence> donor : decided.entrySet()) {
            Convergence fate = donor.getValue();
            boolean isNew = fate.kept().isEmpty() && fate.createsContainers();
            if ((fate.isRenewed() || isNew) && Dependencies.donors(service).contains(donor.getKey())) {
                return Optional.of("service \"%s\" is recreated".formatted(donor.getKey()));
            }
        }
        return Optional.empty();
    }
}
