package dev.jcompose.runtime.linux;

import dev.jcompose.model.Networking.Attachment;
import dev.jcompose.runtime.linux.network.AddressLeases;
import dev.jcompose.runtime.linux.network.Ip;
import dev.jcompose.runtime.linux.network.Ipv4;
import dev.jcompose.runtime.linux.network.StoredNetwork;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a container has in one of its networks: an interface, addresses, names. */
final class EndpointPart {
    static final String INTERFACE = "com.docker.network.endpoint.ifname";
    static final String SYSCTLS = "com.docker.network.endpoint.sysctls";
    static final String OWN_INTERFACE = "IFNAME";

    private final ContainerDraft draft;
    private final StoredNetwork network;
    private final Attachment attachment;
    private final AddressLeases leases;

    EndpointPart(ContainerDraft draft, StoredNetwork network, Attachment attachment, AddressLeases leases) {
        this.draft = draft;
        this.network = network;
        this.attachment = attachment;
        this.leases = leases;
    }

    /** The addresses it got; the two flags say whether packets to elsewhere go through this network. */
    List<String> addTo(ContainerPlan.Builder plan, int index, boolean way, boolean way6) {
        var ipv4 = ipv4();
        var device = network.device();
        var link = attachment
                .interfaceName()
                .or(() -> Optional.ofNullable(attachment.driverOptions().get(INTERFACE)))
                .orElse(device.prefix() + index);
        plan.add(
                "net",
                network.name(),
                device.name(),
                network.ipv4().on(network.ipv4().gateway()),
                network.ipv4().on(ipv4),
                mac(ipv4, index),
                link,
                way ? "1" : "0",
                network.internal() ? "1" : "0");
        if (!device.isBridge() || device.mtu() > 0 || device.isolated()) {
            plan.add(
                    "net-link",
                    network.name(),
                    device.kind().word(),
                    device.mode(),
                    Integer.toString(device.mtu()),
                    device.isolated() ? "1" : "0");
        }
        List<String> addresses = new ArrayList<>(List.of(ipv4.toString()));
        ipv6(ipv4).ifPresent(own -> {
            addresses.add(own.toString());
            var block = network.ipv6().orElseThrow();
            plan.add("net-address", network.name(), block.on(own), block.on(block.gateway()), way6 ? "1" : "0");
        });
        for (var local : attachment.linkLocalIps()) {
            plan.add("net-address", network.name(), local + (local.contains(":") ? "/64" : "/16"), "", "0");
        }
        sysctls(plan, link);
        names().forEach(name -> plan.add("net-name", network.name(), name));
        return addresses;
    }

    private Ipv4 ipv4() {
        var wanted = attachment.ipv4Address();
        if (wanted.isEmpty()) {
            return leases.claim(draft.id());
        }
        var address = Ipv4.parse(wanted.get())
                .orElseThrow(() -> draft.failure("ipv4_address " + wanted.get() + " is not an IPv4 address"));
        leases.claim(draft.id(), address, draft.spec().replaces());
        return address;
    }

    private Optional<Ip> ipv6(Ipv4 ipv4) {
        var wanted = attachment.ipv6Address();
        if (wanted.isEmpty()) {
            return network.ipv6().map(block -> leases.claimBeside(draft.id(), block, ipv4));
        }
        if (network.ipv6().isEmpty()) {
            throw draft.failure("ipv6_address " + wanted.get() + ": network \"" + network.name()
                    + "\" has no IPv6; give it enable_ipv6: true");
        }
        return Ip.parse(wanted.get())
                .map(address -> leases.claim(draft.id(), address, draft.spec().replaces()));
    }

    private String mac(Ipv4 address, int index) {
        return attachment
                .macAddress()
                .or(() -> draft.service().networking().macAddress().filter(ignored -> index == 0))
                .orElseGet(address::mac)
                .replace('-', ':');
    }

    /** Such as {@code net.ipv4.conf.IFNAME.log_martians=1,net.ipv4.conf.IFNAME.forwarding=0}. */
    private void sysctls(ContainerPlan.Builder plan, String link) {
        for (var setting : attachment.driverOptions().getOrDefault(SYSCTLS, "").split(",", -1)) {
            int equals = setting.indexOf('=');
            if (equals > 0) {
                var name = setting.substring(0, equals).strip().replace('.', '/');
                plan.add(
                        "sysctl",
                        name.replace(OWN_INTERFACE, link),
                        setting.substring(equals + 1).strip());
            }
        }
    }

    private Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        names.add(draft.spec().name());
        names.add(draft.id12());
        if (draft.spec().isFoundByService()) {
            names.add(draft.service().name());
            names.addAll(attachment.aliases());
        }
        draft.service().networking().hostname().ifPresent(names::add);
        return names;
    }
}
