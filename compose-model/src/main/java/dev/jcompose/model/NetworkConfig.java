package dev.jcompose.model;

import dev.jcompose.model.problem.Position;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A top-level network.
 *
 * @param key its name in the file
 * @param name its name on the backend, such as {@code shop_default}
 * @param configHash digest of everything whose change means a new network
 */
public record NetworkConfig(
        String key,
        String name,
        boolean external,
        Optional<String> driver,
        SequencedMap<String, String> driverOptions,
        Optional<String> ipamDriver,
        List<Pool> pools,
        boolean internal,
        boolean attachable,
        Optional<Boolean> enableIpv4,
        Optional<Boolean> enableIpv6,
        SequencedMap<String, String> labels,
        Position at,
        String configHash) {
    public NetworkConfig {
        driverOptions = Copies.ordered(driverOptions);
        pools = List.copyOf(pools);
        labels = Copies.ordered(labels);
    }

    /** One {@code ipam.config} entry; addresses in CIDR or dotted form as written. */
    public record Pool(
            Optional<String> subnet,
            Optional<String> gateway,
            Optional<String> ipRange,
            SequencedMap<String, String> auxAddresses) {
        public Pool {
            auxAddresses = Copies.ordered(auxAddresses);
        }
    }
}
