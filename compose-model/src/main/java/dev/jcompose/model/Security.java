package dev.jcompose.model;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a service's containers may do to their host.
 *
 * @param devices {@code host:container:permissions} as written, or a name of the Container Device Interface
 * @param deviceRules {@code type major:minor permissions} of further devices to allow
 * @param accelerators devices asked for by what they can do: {@code gpus} and {@code deploy.resources.reservations.devices}
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
        Optional<String> cgroupParent,
        List<String> deviceRules,
        List<Accelerator> accelerators,
        Optional<String> runtime) {
    public Security {
        capAdd = List.copyOf(capAdd);
        capDrop = List.copyOf(capDrop);
        securityOpt = List.copyOf(securityOpt);
        sysctls = Copies.ordered(sysctls);
        devices = List.copyOf(devices);
        deviceRules = List.copyOf(deviceRules);
        accelerators = List.copyOf(accelerators);
    }

    /**
     * Devices of a driver.
     *
     * @param driver such as {@code nvidia}; empty for whichever has the capabilities
     * @param count how many, -1 for all
     * @param ids which ones; empty when they are counted
     */
    public record Accelerator(Optional<String> driver, int count, List<String> ids, List<String> capabilities) {
        public Accelerator {
            ids = List.copyOf(ids);
            capabilities = List.copyOf(capabilities);
        }
    }
}
