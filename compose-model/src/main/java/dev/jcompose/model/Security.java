package dev.jcompose.model;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a service's containers may do to their host.
 *
 * @param devices {@code host:container:permissions} as written
 */
public record Security(
        boolean privileged,
        List<String> capAdd,
        List<String> capDrop,
        List<String> securityOpt,
        SequencedMap<String, String> sysctls,
        List<String> devices,
        Optional<String> ipc,
        Optional<String> pid,
        Optional<String> uts,
        Optional<String> userns,
        Optional<String> cgroup,
        Optional<String> cgroupParent) {
    public Security {
        capAdd = List.copyOf(capAdd);
        capDrop = List.copyOf(capDrop);
        securityOpt = List.copyOf(securityOpt);
        sysctls = Copies.ordered(sysctls);
        devices = List.copyOf(devices);
    }
}
