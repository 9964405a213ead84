package dev.jcompose.runtime.linux;

import dev.jcompose.model.PortMapping;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The ports published on the host: one frame for each address and port. */
final class PortPart {
    private static final Path IPV6 = Path.of("/proc/net/if_inet6");

    private final ContainerDraft draft;
    private final Optional<String> hostIp;

    /** {@code hostIp} is for ports that name none. */
    PortPart(ContainerDraft draft, Optional<String> hostIp) {
        this.draft = draft;
        this.hostIp = hostIp;
    }

    void addTo(ContainerPlan.Builder plan) {
        for (var mapping : draft.service().networking().ports()) {
            int port = hostPort(mapping);
            for (var address : addresses(mapping, port)) {
                plan.add(
                        "port",
                        address,
                        Integer.toString(port),
                        Integer.toString(mapping.target()),
                        mapping.protocol());
            }
        }
    }

    /** A port chosen by the kernel would differ between the two families, so it gets one. */
    private List<String> addresses(PortMapping mapping, int port) {
        var ip = mapping.hostIp().or(() -> hostIp).orElse("");
        if (!ip.isEmpty()) {
            return List.of(ip.startsWith("[") ? ip.substring(1, ip.length() - 1) : ip);
        }
        return port == 0 || !Files.exists(IPV6) ? List.of("0.0.0.0") : List.of("0.0.0.0", "::");
    }

    /** Of a range for one container port, each container of the service takes the one of its number. */
    private int hostPort(PortMapping mapping) {
        var published = mapping.published().orElse("");
        if (published.isEmpty()) {
            return 0;
        }
        int dash = published.indexOf('-');
        if (dash < 0) {
            return Integer.parseInt(published);
        }
        int first = Integer.parseInt(published.substring(0, dash));
        int last = Integer.parseInt(published.substring(dash + 1));
        int chosen = first + draft.spec().number() - 1;
        if (chosen > last) {
            throw draft.failure("ports: " + published + " has no port left for container number "
                    + draft.spec().number() + "; widen the range");
        }
        return chosen;
    }
}
