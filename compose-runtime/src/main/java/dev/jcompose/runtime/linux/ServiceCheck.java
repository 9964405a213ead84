package dev.jcompose.runtime.linux;

import dev.jcompose.model.Networking.Attachment;
import dev.jcompose.model.RestartPolicy;
import dev.jcompose.model.Service;
import dev.jcompose.model.problem.Problem;
import dev.jcompose.model.spec.Nearest;
import dev.jcompose.runtime.linux.cgroup.CgroupLayout;
import dev.jcompose.runtime.linux.network.Cidr;
import dev.jcompose.runtime.linux.network.Ip;
import dev.jcompose.runtime.linux.network.Ipv6;
import dev.jcompose.runtime.linux.shim.HelperBinary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Values of attributes we honour in general, but not every value. */
final class ServiceCheck {
    private static final Set<String> HEALTH_WORDS = Set.of("CMD", "CMD-SHELL", "NONE");

    private static final List<Cidr> LINK_LOCAL = List.of(
            Cidr.parse("169.254.0.0/16").orElseThrow(), Cidr.parse("fe80::/64").orElseThrow());

    /** Compiled only when there is a value to be held against them. */
    private static final class Shapes {
        static final Pattern MAC = Pattern.compile("([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}");
        static final Pattern INTERFACE = Pattern.compile("[^\\s/:]{1,15}");
        static final Pattern SYSCTLS = Pattern.compile(
                "(net\\.[a-z0-9_.]+\\.IFNAME\\.[a-z0-9_]+=[^,/]+)(,net\\.[a-z0-9_.]+\\.IFNAME\\.[a-z0-9_]+=[^,/]+)*");
    }

    private final Service service;
    private final CgroupLayout cgroups;
    private final Path directory;
    private final Findings findings;

    /** {@code directory} is the project's. */
    ServiceCheck(Service service, CgroupLayout cgroups, Path directory, List<Problem> problems) {
        this.service = service;
        this.cgroups = cgroups;
        this.directory = directory;
        this.findings = new Findings(service, problems);
    }

    void check() {
        namespaces();
        new SecurityCheck(findings, directory).check();
        new StorageCheck(findings).check();
        limits();
        networking();
        lifecycle();
        logging();
        platform();
    }

    private void namespaces() {
        var security = service.security();
        oneOf("pid", security.pid(), Set.of("private", "host"), true);
        oneOf("ipc", security.ipc(), Set.of("private", "shareable", "host"), false);
        oneOf("uts", security.uts(), Set.of("private", "host"), false);
        oneOf("cgroup", security.cgroup(), Set.of("private", "host"), false);
        oneOf("userns_mode", security.userns(), Set.of("host"), false);
        oneOf("network_mode", service.networking().mode(), Set.of("none", "host"), true);
    }

    private void oneOf(String attribute, Optional<String> value, Set<String> words, boolean mayBeShared) {
        value.filter(text -> !text.isEmpty() && !words.contains(text))
                .filter(text -> !mayBeShared || !(text.startsWith("service:") || text.startsWith("container:")))
                .ifPresent(text -> add(
                        attribute,
                        "\"" + text + "\" is not supported by the native backend; it knows "
                                + String.join(", ", words.stream().sorted().toList())
                                + (mayBeShared ? ", service:NAME and container:NAME" : "")));
    }

    private void limits() {
        var resources = service.resources();
        resources.ulimits().keySet().stream()
                .filter(name -> ResourceNames.number(name) < 0)
                .forEach(name -> unknown("ulimits", name));
        if (resources.oomKillDisable() && !cgroups.legacy().containsKey("memory")) {
            add("oom_kill_disable", "this machine's control groups (version 2) do not offer it; remove it");
        }
        new ResourceCheck(findings, cgroups).check();
    }

    private void networking() {
        var networking = service.networking();
        networking.ports().stream()
                .filter(port -> !Set.of("tcp", "udp").contains(port.protocol()))
                .forEach(port -> notYet("ports", "protocol " + port.protocol()));
        networking
                .mode()
                .filter(mode -> !mode.isEmpty() && !mode.equals("host"))
                .ifPresent(this::withoutOwnNetwork);
        networking.dns().stream()
                .filter(server -> Ip.parse(server).isEmpty())
                .forEach(server -> add("dns", "\"" + server + "\" is not an IP address"));
        networking
                .macAddress()
                .filter(mac -> !Shapes.MAC.matcher(mac).matches())
                .ifPresent(mac -> unknown("mac_address", mac));
        networking.networks().forEach((key, attachment) -> {
            attachment
                    .macAddress()
                    .filter(mac -> !Shapes.MAC.matcher(mac).matches())
                    .ifPresent(mac -> unknown("networks.*.mac_address", mac));
            attachment
                    .interfaceName()
                    .filter(name -> !Shapes.INTERFACE.matcher(name).matches())
                    .ifPresent(name -> unknown("networks.*.interface_name", name));
            addresses(attachment);
            options(attachment.driverOptions());
        });
    }

    private void addresses(Attachment attachment) {
        attachment
                .ipv6Address()
                .filter(address -> !(Ip.parse(address).orElse(null) instanceof Ipv6))
                .ifPresent(address -> add("networks.*.ipv6_address", "\"" + address + "\" is not an IPv6 address"));
        attachment.linkLocalIps().stream()
                .filter(address ->
                        Ip.parse(address).filter(ServiceCheck::isLinkLocal).isEmpty())
                .forEach(address -> add(
                        "networks.*.link_local_ips",
                        "\"" + address + "\" is not a link-local address (169.254.0.0/16 or fe80::/64)"));
    }

    private static boolean isLinkLocal(Ip address) {
        return LINK_LOCAL.stream().anyMatch(block -> block.contains(address));
    }

    private void options(Map<String, String> options) {
        options.forEach((option, value) -> {
            if (option.equals(EndpointPart.INTERFACE)) {
                if (!Shapes.INTERFACE.matcher(value).matches()) {
                    unknown("networks.*.driver_opts", value);
                }
            } else if (!option.equals(EndpointPart.SYSCTLS)) {
                notYet("networks.*.driver_opts", option);
            } else if (!Shapes.SYSCTLS.matcher(value).matches()) {
                add(
                        "networks.*.driver_opts",
                        "\"" + value + "\" is not a list of settings like net.ipv4.conf.IFNAME.log_martians=1");
            }
        });
    }

    /** A container without a network has no ports to publish; one that shares another's has that one's names, too. */
    private void withoutOwnNetwork(String mode) {
        var networking = service.networking();
        boolean shared = mode.startsWith("service:") || mode.startsWith("container:");
        conflict("ports", mode, !networking.ports().isEmpty());
        conflict("extra_hosts", mode, shared && !networking.extraHosts().isEmpty());
        conflict("dns", mode, shared && !networking.dns().isEmpty());
        conflict("dns_search", mode, shared && !networking.dnsSearch().isEmpty());
        conflict("dns_opt", mode, shared && !networking.dnsOptions().isEmpty());
        conflict("mac_address", mode, shared && networking.macAddress().isPresent());
    }

    private void conflict(String attribute, String mode, boolean given) {
        if (given) {
            add(attribute, "has no effect with network_mode \"" + mode + "\"; remove one of them");
        }
    }

    private void lifecycle() {
        restart();
        service.lifecycle()
                .stopSignal()
                .filter(name -> Signals.number(name).isEmpty())
                .ifPresent(name -> unknown("stop_signal", name));
        service.lifecycle()
                .healthcheck()
                .filter(check -> !check.test().isEmpty()
                        && !HEALTH_WORDS.contains(check.test().getFirst()))
                .ifPresent(check -> add("healthcheck", "test must start with CMD, CMD-SHELL or NONE"));
    }

    private void restart() {
        if (service.lifecycle().restart() instanceof RestartPolicy.Other other) {
            var word = other.word();
            boolean deployed = service.attributes().containsKey("deploy.restart_policy.condition");
            add(
                    deployed ? "deploy.restart_policy.condition" : "restart",
                    deployed
                            ? "\"" + word + "\" is not known; expected none, on-failure or any"
                            : "\"" + word + "\" is not known"
                                    + Nearest.hint(word, List.of("always", "on-failure", "unless-stopped"))
                                    + "; expected no, always, on-failure[:N] or unless-stopped");
        }
    }

    private void logging() {
        var logging = service.logging();
        logging.driver()
                .filter(driver -> !driver.isEmpty() && !LogLimits.DRIVERS.contains(driver))
                .ifPresent(driver -> notYet("logging.driver", driver));
        logging.options().keySet().stream()
                .filter(option -> !LogLimits.OPTIONS.contains(option))
                .forEach(option -> notYet("logging.options", option));
        if (!LogLimits.areValid(logging)) {
            add("logging.options", "max-size is a size like 10m, max-file a number of files");
        }
    }

    private void platform() {
        var own = HelperBinary.architecture().equals("x86_64") ? "linux/amd64" : "linux/arm64";
        service.platform()
                .filter(wanted -> !wanted.equals(own) && !wanted.startsWith(own + "/") && !wanted.equals("linux"))
                .filter(wanted -> !Emulators.run(wanted))
                .ifPresent(wanted -> add(
                        "platform",
                        "\"" + wanted + "\" cannot run on this machine, which is " + own
                                + " and has no emulator for it in /proc/sys/fs/binfmt_misc"));
    }

    private void unknown(String attribute, String value) {
        findings.unknown(attribute, value);
    }

    private void notYet(String attribute, String value) {
        findings.notSupported(attribute, value);
    }

    private void add(String attribute, String message) {
        findings.add(attribute, message);
    }
}
