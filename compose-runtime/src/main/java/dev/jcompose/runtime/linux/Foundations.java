package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.network.Ipv4;
import dev.jcompose.runtime.linux.network.NetworkStore;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.ContainerState;
import dev.jcompose.runtime.linux.shim.Frame;
import java.util.Optional;

/** What a container was made on top of: addresses in networks, the containers whose namespaces it shares. */
final class Foundations {
    private final ContainerIndex index;
    private final NetworkStore networks;

    Foundations(ContainerIndex index, NetworkStore networks) {
        this.index = index;
        this.networks = networks;
    }

    /** What is not there any more, in words; such a container must be made anew. */
    Optional<String> missing(ContainerPlan plan, ContainerState state) {
        var donor = SharedNamespaces.donors(plan).stream()
                .filter(id -> index.find(id).isEmpty())
                .map(id -> "container " + id.substring(0, 12) + ", whose namespaces it shares, was removed")
                .findFirst();
        if (donor.isPresent() || state.isAlive()) {
            return donor; // a bridge stays as long as a running container uses it
        }
        return plan.all("net").stream()
                .filter(net -> !isHeld(plan, net))
                .map(net -> "network \"" + net.text(1) + "\" has been removed or made anew since")
                .findFirst();
    }

    private boolean isHeld(ContainerPlan plan, Frame net) {
        return networks.find(net.text(1))
                .flatMap(network ->
                        address(net).filter(own -> networks.leases(network).holds(plan.id(), own)))
                .isPresent();
    }

    /** The container's own address in the network that a {@code net} frame is about. */
    static Optional<Ipv4> address(Frame net) {
        var text = net.text(4);
        return Ipv4.parse(text.substring(0, Math.max(0, text.indexOf('/'))));
    }
}
