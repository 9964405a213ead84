package dev.jcompose.runtime.linux;

import dev.jcompose.model.NetworkConfig;
import dev.jcompose.model.Networking.Attachment;
import dev.jcompose.runtime.NotFoundException;
import dev.jcompose.runtime.linux.network.AddressLeases;
import dev.jcompose.runtime.linux.network.Ip;
import dev.jcompose.runtime.linux.network.NetworkStore;
import dev.jcompose.runtime.linux.network.StoredNetwork;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which networks the container joins, with which address and names; and which namespaces it shares instead. */
final class NetworkPart {
    private final ContainerDraft draft;
    private final NetworkStore networks;
    private final Siblings siblings;
    private final EtcFiles files;

    NetworkPart(ContainerDraft draft, NetworkStore networks, Siblings siblings) {
        this.draft = draft;
        this.networks = networks;
        this.siblings = siblings;
        this.files = new EtcFiles(draft.service().networking(), draft.hostname());
    }

    private record Joined(String key, StoredNetwork network, Attachment attachment) {}

    void addTo(ContainerPlan.Builder plan) {
        var mode = draft.mode().orElse("");
        if (mode.equals("host")) {
            plan.add("namespace", "net", "host");
            files.addAsHost(plan);
        } else if (mode.equals("none")) {
            plan.add("namespace", "net", "none");
            files.addAlone(plan);
        } else if (mode.startsWith("service:") || mode.startsWith("container:")) {
            share(plan, mode);
        } else {
            join(plan);
        }
    }

    /** The other container's process is known only when we start; its files are the same as ours from now on. */
    private void share(ContainerPlan.Builder plan, String mode) {
        var donor = siblings.find(mode)
                .orElseThrow(() -> draft.failure("network_mode " + mode + ": there is no such container yet"));
        SharedNamespaces.add(plan, "net", donor.id());
        donor.all("file").stream()
                .filter(frame -> EtcFiles.TARGETS.contains(frame.text(1)))
                .forEach(frame -> plan.addBytes(
                        frame.bytes(5), "file", frame.text(1), frame.text(2), frame.text(3), frame.text(4)));
    }

    private void join(ContainerPlan.Builder plan) {
        var joined = joined();
        var way = way(joined, candidate -> true);
        var way6 = way(joined, candidate -> candidate.network().ipv6().isPresent());
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < joined.size(); i++) {
            var one = joined.get(i);
            var own = new EndpointPart(draft, one.network(), one.attachment(), leases(one))
                    .addTo(
                            plan,
                            i,
                            way.filter(one::equals).isPresent(),
                            way6.filter(one::equals).isPresent());
            addresses.addAll(i == 0 ? own : List.of());
        }
        plan.addAll("dns", draft.service().networking().dns());
        aliases(plan);
        files.addBridged(plan, addresses);
        publish(plan, joined, way);
    }

    /** Without the addresses that services of the project have for themselves. */
    private AddressLeases leases(Joined one) {
        Set<Ip> asked = new HashSet<>();
        draft.project().services().values().stream()
                .flatMap(service -> service.networking().networks().entrySet().stream())
                .filter(entry -> entry.getKey().equals(one.key()))
                .map(Map.Entry::getValue)
                .flatMap(attachment -> Stream.of(attachment.ipv4Address(), attachment.ipv6Address()))
                .flatMap(Optional::stream)
                .forEach(text -> Ip.parse(text).ifPresent(asked::add));
        return networks.leases(one.network()).sparing(asked);
    }

    /** The network that leads out: of the highest gateway priority, then by name. */
    private static Optional<Joined> way(List<Joined> joined, Predicate<Joined> suitable) {
        return joined.stream()
                .filter(candidate -> !candidate.network().internal())
                .filter(suitable)
                .min(Comparator.<Joined>comparingInt(
                                candidate -> -candidate.attachment().gatewayPriority())
                        .thenComparing(candidate -> candidate.network().name()));
    }

    private void publish(ContainerPlan.Builder plan, List<Joined> joined, Optional<Joined> way) {
        var bridges = joined.stream()
                .map(Joined::network)
                .filter(network -> network.device().isBridge())
                .toList();
        if (bridges.isEmpty() && !draft.service().networking().ports().isEmpty()) {
            throw draft.failure(
                    "ports: none of its networks is a bridge, so ports cannot be published; containers on a macvlan or ipvlan"
                            + " network are reached at their own addresses");
        }
        var hostIp = way.map(Joined::network)
                .filter(bridges::contains)
                .or(() -> bridges.stream().findFirst())
                .flatMap(network -> network.device().hostIp());
        new PortPart(draft, hostIp).addTo(plan);
    }

    /** By priority, then as declared; a service that names none joins its project's default network. */
    private List<Joined> joined() {
        var declared = draft.service().networking().networks();
        var attachments = declared.isEmpty() ? Map.of("default", Attachment.PLAIN) : declared;
        List<Joined> joined = new ArrayList<>();
        attachments.forEach((key, attachment) -> joined.add(new Joined(key, network(key), attachment)));
        joined.sort(Comparator.comparingInt(candidate -> -candidate.attachment().priority()));
        return joined;
    }

    private StoredNetwork network(String key) {
        var config = Optional.ofNullable(draft.project().networks().get(key));
        var name = config.map(NetworkConfig::name).orElse(draft.project().name() + "_" + key);
        return networks.find(name)
                .orElseThrow(() -> new NotFoundException("cannot create container "
                        + draft.spec().name() + ": network \"" + name + "\" does not exist; create it first"));
    }

    /** Names that only this container has for others. */
    private void aliases(ContainerPlan.Builder plan) {
        var networking = draft.service().networking();
        networking.links().forEach(link -> alias(plan, link));
        for (var link : networking.externalLinks()) {
            int colon = link.indexOf(':');
            var name = colon < 0 ? link : link.substring(0, colon);
            if (!isOfThisProject(name) && siblings.find("container:" + name).isEmpty()) {
                throw draft.failure("external_links: there is no container \"" + name + "\"");
            }
            alias(plan, link);
        }
    }

    /** Such a container may still be about to be made, beside this one. */
    private boolean isOfThisProject(String name) {
        var project = draft.project();
        return project.services().values().stream()
                .anyMatch(
                        service -> service.containerName().filter(name::equals).isPresent()
                                || name.startsWith(project.name() + "-" + service.name() + "-"));
    }

    private static void alias(ContainerPlan.Builder plan, String link) {
        int colon = link.indexOf(':');
        if (colon > 0) {
            plan.add("net-alias", link.substring(colon + 1), link.substring(0, colon));
        }
    }
}
