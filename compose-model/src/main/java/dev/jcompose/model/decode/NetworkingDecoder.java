package dev.jcompose.model.decode;

import dev.jcompose.model.Networking;
import dev.jcompose.model.Networking.Attachment;
import dev.jcompose.model.Networking.HostEntry;
import dev.jcompose.model.PortMapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** How a service meets others. */
final class NetworkingDecoder {
    private NetworkingDecoder() {}

    static Networking networking(Fields service) {
        return new Networking(
                service.word("network_mode"),
                attachments(service),
                ports(service),
                service.words("expose"),
                service.word("hostname"),
                service.word("domainname"),
                service.word("mac_address"),
                service.words("dns"),
                service.words("dns_search"),
                service.words("dns_opt"),
                hosts(service),
                service.words("links"),
                service.words("external_links"));
    }

    /** In order of attachment: the highest priority first, then by name. */
    private static SequencedMap<String, Attachment> attachments(Fields service) {
        var named = new ArrayList<>(service.named("networks").entrySet());
        named.sort((a, b) -> {
            int byPriority = Integer.compare(priority(b.getValue()), priority(a.getValue()));
            return byPriority != 0 ? byPriority : a.getKey().compareTo(b.getKey());
        });
        var found = new LinkedHashMap<String, Attachment>();
        named.forEach(entry -> found.put(entry.getKey(), attachment(entry.getValue())));
        return found;
    }

    private static int priority(Fields attachment) {
        return attachment.integer("priority").orElse(0);
    }

    private static Attachment attachment(Fields network) {
        return new Attachment(
                network.words("aliases"),
                network.word("ipv4_address"),
                network.word("ipv6_address"),
                network.word("mac_address"),
                network.word("interface_name"),
                priority(network),
                network.integer("gw_priority").orElse(0),
                network.words("link_local_ips"),
                network.pairs("driver_opts"));
    }

    private static List<PortMapping> ports(Fields service) {
        var found = new ArrayList<PortMapping>();
        for (var port : service.list("ports")) {
            found.add(new PortMapping(
                    port.word("host_ip"),
                    port.word("published").filter(published -> !published.equals("0")),
                    port.integer("target").orElse(0),
                    port.word("protocol").orElse("tcp"),
                    port.word("mode")));
        }
        return found;
    }

    static List<HostEntry> hosts(Fields service) {
        var found = new ArrayList<HostEntry>();
        for (var line : service.words("extra_hosts")) {
            int equals = line.indexOf('=');
            Optional<HostEntry> entry = equals < 0
                    ? Optional.empty()
                    : Optional.of(new HostEntry(line.substring(0, equals), line.substring(equals + 1)));
            entry.ifPresent(found::add);
        }
        return found;
    }
}
