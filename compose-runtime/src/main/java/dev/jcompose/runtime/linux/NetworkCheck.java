package dev.jcompose.runtime.linux;

import static dev.jcompose.runtime.linux.ProjectCheck.NOT_YET;

import dev.jcompose.model.NetworkConfig;
import dev.jcompose.runtime.linux.layer.UserNamespace;
import dev.jcompose.runtime.linux.network.Cidr;
import dev.jcompose.runtime.linux.network.Ip;
import dev.jcompose.runtime.linux.network.LinkKind;
import dev.jcompose.runtime.linux.network.NetworkDriver;
import java.util.function.BiConsumer;

/** Values of a network's attributes that the native backend does not honour. */
final class NetworkCheck {
    private static final String POOLS = ".ipam.config";

    private final NetworkConfig network;
    private final BiConsumer<String, String> add;

    /** {@code add} takes the attribute, as seen from the network, and what is wrong with it. */
    NetworkCheck(NetworkConfig network, BiConsumer<String, String> add) {
        this.network = network;
        this.add = add;
    }

    void check() {
        var kind = NetworkDriver.kind(network);
        if (kind.isEmpty()) {
            add.accept(
                    ".driver",
                    "\"" + network.driver().orElse("")
                            + "\" is not supported by the native backend; it knows bridge, macvlan"
                            + " and ipvlan, and network_mode none and host");
        } else {
            NetworkDriver.problems(network).forEach((option, why) -> add.accept(".driver_opts." + option, why));
            link(kind.get());
        }
        network.ipamDriver()
                .filter(driver -> !driver.equals("default"))
                .ifPresent(driver -> add.accept(".ipam.driver", "\"" + driver + "\": " + NOT_YET));
        if (!network.enableIpv4().orElse(true)) {
            add.accept(".enable_ipv4", "networks without IPv4 are " + NOT_YET);
        }
        families();
        network.pools().forEach(this::pool);
    }

    private void link(LinkKind kind) {
        if (kind == LinkKind.BRIDGE) {
            return;
        }
        if (UserNamespace.isEntered()) {
            add.accept(
                    ".driver", "\"" + kind.word() + "\" needs root: without it the links of the host cannot be used");
        } else if (network.pools().stream().allMatch(pool -> pool.subnet().isEmpty())) {
            add.accept(
                    POOLS,
                    "driver \"" + kind.word() + "\" needs the subnet of the network that its parent is in, and free"
                            + " addresses of it as ip_range");
        }
    }

    private void families() {
        long ipv6 = network.pools().stream().filter(NetworkCheck::isIpv6).count();
        if (network.pools().size() - ipv6 > 1 || ipv6 > 1) {
            add.accept(POOLS, "more than one subnet of a family is " + NOT_YET);
        }
        if (ipv6 > 0 && !network.enableIpv6().orElse(true)) {
            add.accept(".enable_ipv6", "is false, but ipam.config has an IPv6 subnet; remove one of them");
        }
    }

    private static boolean isIpv6(NetworkConfig.Pool pool) {
        return pool.subnet().orElse("").contains(":");
    }

    private void pool(NetworkConfig.Pool pool) {
        boolean ipv6 = isIpv6(pool);
        pool.subnet().ifPresent(text -> subnet(text, ipv6));
        pool.ipRange().ifPresent(text -> subnet(text, ipv6));
        pool.gateway().ifPresent(text -> address(text, ipv6));
        pool.auxAddresses().values().forEach(text -> address(text, ipv6));
    }

    private void subnet(String text, boolean ipv6) {
        if (Cidr.parse(text).filter(subnet -> subnet.isIpv6() == ipv6).isEmpty()) {
            add.accept(
                    POOLS,
                    "\"" + text + "\" is not an "
                            + (ipv6 ? "IPv6 subnet (like fd00:5::/64)" : "IPv4 subnet (like 10.5.0.0/24)"));
        }
    }

    private void address(String text, boolean ipv6) {
        if (Ip.parse(text).filter(address -> text.contains(":") == ipv6).isEmpty()) {
            add.accept(POOLS, "\"" + text + "\" is not an " + (ipv6 ? "IPv6" : "IPv4") + " address");
        }
    }
}
