package dev.jcompose.runtime.linux;

import dev.jcompose.model.NetworkConfig;
import dev.jcompose.model.Networking.Attachment;
import dev.jcompose.runtime.NotFoundException;
import dev.jcompose.runtime.linux.network.Ipv4;
import dev.jcompose.runtime.linux.network.NetworkStore;
import dev.jcompose.runtime.linux.network.StoredNetwork;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which networks the container joins, with which address and names; and which namespaces it shares instead. */
final class NetworkPart {
    private static final Attachment PLAIN =
            new Attachment(List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0, 0);

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

    private record Joined(StoredNetwork network, Attachment attachment) {}

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
        var way = joined.stream()
                .filter(candidate -> !candidate.network().internal())
                .min(Comparator.<Joined>comparingInt(
                                candidate -> -candidate.attachment().gatewayPriority())
                        .thenComparing(candidate -> candidate.network().name()));
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < joined.size(); i++) {
            boolean defaultRoute = way.filter(joined.get(i)::equals).isPresent();
            addresses.add(attach(plan, joined.get(i), i, defaultRoute).toString());
        }
        plan.addAll("dns", draft.service().networking().dns());
        files.addBridged(plan, addresses.stream().findFirst());
        new PortPart(draft).addTo(plan);
    }

    /** By priority, then as declared; a service that names none joins its project's default network. */
    private List<Joined> joined() {
        var declared = draft.service().networking().networks();
        var attachments = declared.isEmpty() ? Map.of("default", PLAIN) : declared;
        List<Joined> joined = new ArrayList<>();
        attachments.forEach((key, attachment) -> joined.add(new Joined(network(key), attachment)));
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

    private Ipv4 attach(ContainerPlan.Builder plan, Joined joined, int index, boolean defaultRoute) {
        var network = joined.network();
        var attachment = joined.attachment();
        var leases = networks.leases(network);
        var address = attachment.ipv4Address().isEmpty()
                ? leases.claim(draft.id())
                : leases.claim(
                        draft.id(),
                        Ipv4.parse(attachment.ipv4Address().get())
                                .orElseThrow(() -> draft.failure("ipv4_address "
                                        + attachment.ipv4Address().get() + " is not an IPv4 address")),
                        draft.spec().replaces());
        var mac = attachment
                .macAddress()
                .or(() -> draft.service().networking().macAddress().filter(ignored -> index == 0))
                .orElseGet(address::mac)
                .replace('-', ':');
        plan.add(
                "net",
                network.name(),
                network.bridge(),
                network.gateway() + "/" + network.subnet().prefix(),
                address + "/" + network.subnet().prefix(),
                mac,
                attachment.interfaceName().orElse("eth" + index),
                defaultRoute ? "1" : "0",
                network.internal() ? "1" : "0");
        names(attachment).forEach(name -> plan.add("net-name", network.name(), name));
        return address;
    }

    private Set<String> names(Attachment attachment) {
        Set<String> names = new LinkedHashSet<>();
        names.add(draft.spec().name());
        names.add(draft.id12());
        if (draft.spec().isFoundByService()) {
            names.add(draft.service().name());
            names.addAll(attachment.aliases());
            names.addAll(linkedAs());
        }
        draft.service().networking().hostname().ifPresent(names::add);
        return names;
    }

    /** Aliases that other services gave this one by {@code links}. */
    private List<String> linkedAs() {
        var prefix = draft.service().name() + ":";
        return draft.project().services().values().stream()
                .flatMap(other -> other.networking().links().stream())
                .filter(link -> link.startsWith(prefix))
                .map(link -> link.substring(prefix.length()))
                .toList();
    }
}
