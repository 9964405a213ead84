package dev.jcompose.model;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * How a service's containers meet others.
 *
 * @param mode {@code none}, {@code host}, {@code service:x} or {@code container:x}; empty when networks are joined
 * @param networks the networks joined, by project key, in order of attachment
 * @param expose ports that are metadata only, such as {@code 80/tcp}
 * @param extraHosts lines for {@code /etc/hosts}
 * @param links {@code service[:alias]} as written
 */
public record Networking(
        Optional<String> mode,
        SequencedMap<String, Attachment> networks,
        List<PortMapping> ports,
        List<String> expose,
        Optional<String> hostname,
        Optional<String> domainname,
        Optional<String> macAddress,
        List<String> dns,
        List<String> dnsSearch,
        List<String> dnsOptions,
        List<HostEntry> extraHosts,
        List<String> links) {
    public Networking {
        networks = Copies.ordered(networks);
        ports = List.copyOf(ports);
        expose = List.copyOf(expose);
        dns = List.copyOf(dns);
        dnsSearch = List.copyOf(dnsSearch);
        dnsOptions = List.copyOf(dnsOptions);
        extraHosts = List.copyOf(extraHosts);
        links = List.copyOf(links);
    }

    /** One network a service joins. */
    public record Attachment(
            List<String> aliases,
            Optional<String> ipv4Address,
            Optional<String> ipv6Address,
            Optional<String> macAddress,
            Optional<String> interfaceName,
            int priority,
            int gatewayPriority) {
        public Attachment {
            aliases = List.copyOf(aliases);
        }
    }

    /** One name for an address; {@code host-gateway} stands for the host as containers reach it. */
    public record HostEntry(String host, String address) {}
}
