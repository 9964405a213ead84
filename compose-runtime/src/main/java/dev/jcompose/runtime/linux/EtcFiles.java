package dev.jcompose.runtime.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.model.Networking;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.DurableFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The three files by which a container knows names: {@code hosts}, {@code hostname}, {@code resolv.conf}. */
final class EtcFiles {
    static final List<String> TARGETS = List.of("/etc/hosts", "/etc/hostname", "/etc/resolv.conf");
    private static final String LOCAL = """
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::\tip6-localnet
            ff00::\tip6-mcastprefix
            ff02::1\tip6-allnodes
            ff02::2\tip6-allrouters
            """;

    private final Networking networking;
    private final String hostname;

    /** Without a file for the host's own name. */
    private final boolean nameless;

    EtcFiles(Networking networking, String hostname) {
        this(networking, hostname, false);
    }

    private EtcFiles(Networking networking, String hostname, boolean nameless) {
        this.networking = networking;
        this.hostname = hostname;
        this.nameless = nameless;
    }

    /** For a build step, which may write {@code /etc/hostname} into its image. */
    static EtcFiles ofBuild(Networking networking, String hostname) {
        return new EtcFiles(networking, hostname, true);
    }

    /** For a container on networks: its own name by its addresses in the first of them, all other names by our name server. */
    void addBridged(ContainerPlan.Builder plan, List<String> addresses) {
        var hosts = new StringBuilder(LOCAL);
        addresses.forEach(
                own -> hosts.append(own).append('\t').append(ownNames()).append('\n'));
        var resolver = new StringBuilder("nameserver 127.0.0.11\n");
        search(resolver);
        List<String> options = new ArrayList<>(networking.dnsOptions());
        if (options.stream().noneMatch(option -> option.startsWith("ndots:"))) {
            options.add("ndots:0");
        }
        resolver.append("options ").append(String.join(" ", options)).append('\n');
        add(plan, hosts.append(extraHosts("host-gateway")).toString(), resolver.toString());
    }

    /** For a container without any network: nobody but itself. */
    void addAlone(ContainerPlan.Builder plan) {
        add(plan, LOCAL + "127.0.0.1\t" + ownNames() + "\n" + extraHosts("127.0.0.1"), resolver());
    }

    /** For a container that shares the host's network: the host's own files. */
    void addAsHost(ContainerPlan.Builder plan) {
        var hosts = text("/etc/hosts").orElse(LOCAL);
        var own = hosts.endsWith("\n") || hosts.isEmpty() ? hosts : hosts + "\n";
        add(plan, own + extraHosts("127.0.0.1"), resolver());
    }

    /** The host's settings, but for those the service has itself. */
    private String resolver() {
        var resolver = new StringBuilder();
        text("/etc/resolv.conf")
                .orElse("")
                .lines()
                .filter(line -> !isReplaced(line.strip()))
                .forEach(line -> resolver.append(line).append('\n'));
        networking
                .dns()
                .forEach(server -> resolver.append("nameserver ").append(server).append('\n'));
        search(resolver);
        if (!networking.dnsOptions().isEmpty()) {
            resolver.append("options ")
                    .append(String.join(" ", networking.dnsOptions()))
                    .append('\n');
        }
        return resolver.toString();
    }

    private boolean isReplaced(String line) {
        boolean servers = line.startsWith("nameserver") && !networking.dns().isEmpty();
        boolean domains = line.startsWith("search") || line.startsWith("domain");
        boolean options = line.startsWith("options") && !networking.dnsOptions().isEmpty();
        return servers || options || (domains && !networking.dnsSearch().isEmpty());
    }

    private void search(StringBuilder resolver) {
        var domains = networking.dnsSearch();
        if (!domains.isEmpty()) {
            resolver.append("search ").append(String.join(" ", domains)).append('\n');
        }
    }

    private String ownNames() {
        return networking
                .domainname()
                .map(domain -> hostname + "." + domain + " " + hostname)
                .orElse(hostname);
    }

    private String extraHosts(String gateway) {
        var lines = new StringBuilder();
        for (var entry : networking.extraHosts()) {
            var address = entry.address().equals("host-gateway") ? gateway : entry.address();
            lines.append(address).append('\t').append(entry.host()).append('\n');
        }
        return lines.toString();
    }

    private void add(ContainerPlan.Builder plan, String hosts, String resolver) {
        var texts = List.of(hosts, hostname + "\n", resolver);
        for (int i = 0; i < texts.size(); i += nameless ? 2 : 1) {
            plan.addBytes(texts.get(i).getBytes(UTF_8), "file", TARGETS.get(i), "644", "0", "0");
        }
    }

    private static Optional<String> text(String file) {
        return DurableFile.read(Path.of(file)).map(bytes -> new String(bytes, UTF_8));
    }
}
