package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.cdi.DeviceSpecs;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;

/** Values that decide what a container may do to its host. */
final class SecurityCheck {
    /** Compiled only when there is a value to be held against them. */
    private static final class Shapes {
        static final Pattern SYSCTL =
                Pattern.compile("net\\..*|fs\\.mqueue\\..*|kernel\\.(shm.*|msg.*|sem|domainname|hostname)");
        static final Pattern DEVICE = Pattern.compile("/[^:]+(:[^:]*(:[rwm]*)?)?");
        static final Pattern DEVICE_RULE = Pattern.compile("[abc] (\\d+|\\*):(\\d+|\\*) [rwm]{1,3}");
    }

    private final Findings findings;
    private final Path directory;

    /** {@code directory} is the project's, which relative files are relative to. */
    SecurityCheck(Findings findings, Path directory) {
        this.findings = findings;
        this.directory = directory;
    }

    void check() {
        var security = findings.service().security();
        security.capAdd().stream()
                .filter(name -> !Capabilities.isKnown(name))
                .forEach(name -> findings.unknown("cap_add", name));
        security.capDrop().stream()
                .filter(name -> !Capabilities.isKnown(name))
                .forEach(name -> findings.unknown("cap_drop", name));
        security.securityOpt()
                .forEach(option -> new SecurityOptions(directory)
                        .problem(option)
                        .ifPresent(why -> findings.add("security_opt", "\"" + option + "\" " + why)));
        security.sysctls().keySet().forEach(name -> sysctl(name.replace('/', '.')));
        security.devices().forEach(this::device);
        described();
        security.deviceRules().stream()
                .filter(rule -> !Shapes.DEVICE_RULE.matcher(rule).matches())
                .forEach(rule -> findings.add(
                        "device_cgroup_rules", "\"" + rule + "\" is not a rule (like \"c 1:3 rwm\" or \"b 8:* r\")"));
        security.runtime()
                .filter(name -> !Set.of("runc", "io.containerd.runc.v2").contains(name))
                .ifPresent(name -> findings.add(
                        "runtime",
                        "\"" + name
                                + "\" is not known: the native backend has one runtime, its own; for devices use \"gpus\""
                                + " or \"devices\" with a CDI name"));
        security.cgroupParent()
                .filter(parent -> Path.of("/" + parent).normalize().getNameCount()
                        != Path.of("/" + parent).getNameCount())
                .ifPresent(parent -> findings.unknown("cgroup_parent", parent));
    }

    private void device(String device) {
        if (!DeviceSpecs.isName(device) && !Shapes.DEVICE.matcher(device).matches()) {
            findings.notSupported("devices", device);
        }
    }

    private void described() {
        var security = findings.service().security();
        if (security.accelerators().isEmpty() && security.devices().stream().noneMatch(DeviceSpecs::isName)) {
            return;
        }
        try {
            DeviceSpecs.ofMachine().edits(security);
        } catch (BackendException e) {
            var set = findings.service().attributes();
            var attribute = set.containsKey("gpus") ? "gpus" : "deploy.resources.reservations.devices";
            findings.add(set.containsKey(attribute) ? attribute : "devices", String.valueOf(e.getMessage()));
        }
    }

    private void sysctl(String name) {
        if (!Shapes.SYSCTL.matcher(name).matches()) {
            findings.add(
                    "sysctls",
                    "\"" + name + "\" would change the host; only net.*, fs.mqueue.* and"
                            + " kernel.shm*, msg* and sem belong to a container");
            return;
        }
        boolean net = name.startsWith("net.");
        boolean uts = name.equals("kernel.hostname") || name.equals("kernel.domainname");
        var attribute = net ? "network_mode" : uts ? "uts" : "ipc";
        var service = findings.service();
        var value = net
                ? service.networking().mode()
                : uts ? service.security().uts() : service.security().ipc();
        if (value.filter("host"::equals).isPresent()) {
            findings.add(
                    "sysctls",
                    "\"" + name + "\" would change the host because of " + attribute + ": host; remove one of them");
        }
    }
}
