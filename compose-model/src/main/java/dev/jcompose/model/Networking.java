package dev.jcompose.model;

import java.util.LinkedHashMap;
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
 * @param externalLinks {@code container[:alias]} as written
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
        List<String> links,
        List<String> externalLinks) {
    public Networking {
        networks = Copies.ordered(networks);
        ports = List.copyOf(ports);
        expose = List.copyOf(expose);
        dns = List.copyOf(dns);
        dnsSearch = List.copyOf(dnsSearch);
        dnsOptions = List.copyOf(dnsOptions);
        extraHosts = List.copyOf(extraHosts);
        links = List.copyOf(links);
        externalLinks = List.copyOf(externalLinks);
    }

    /**
     * One network a service joins.
     *
     * @param linkLocalIps further addresses of the interface that lead nowhere else
     */
    public record Attachment(
            List<String> aliases,
            Optional<String> ipv4Address,
            Optional<String> ipv6Address,
            Optional<String> macAddress,
            Optional<String> interfaceName,
            int priority,
            int gatewayPriority,
            List<String> linkLocalIps,
            SequencedMap<String, String> driverOptions) {
        /** Of a network joined without a word about how. */
        public static final Attachment PLAIN = new Attachment(
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                List.of(),
                new LinkedHashMap<>());

        public Attachment {
            aliases = List.copyOf(aliases);
            linkLocalIps = List.copyOf(linkLocalIps);
            driverOptions = Copies.ordered(driverOptions);
        }
    }

    /** One name for an address; {@code host-gateway} stands for the host as containers reach it. */
    public record HostEntry(String host, String address) {}
}
