package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.network.BuildSubnet;
import dev.jcompose.runtime.linux.network.NetworkStore;
import dev.jcompose.runtime.linux.shim.ContainerPlan;

/** The network of build steps: theirs alone, without names; a step's address comes from its slot. */
final class BuildNetwork {
    private final NetworkStore networks;

    BuildNetwork(NetworkStore networks) {
        this.networks = networks;
    }

    void addTo(ContainerPlan.Builder plan, BuildSlot slot) {
        var subnet = BuildSubnet.of(networks);
        var address = subnet.address(slot.number());
        var prefix = "/" + BuildSubnet.PREFIX;
        plan.add(
                "net",
                BuildSlot.PROJECT,
                subnet.bridge(),
                subnet.gateway() + prefix,
                address + prefix,
                address.mac(),
                "eth0",
                "1",
                "0");
    }
}
