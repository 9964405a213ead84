package dev.jcompose.cli.command;

import dev.jcompose.model.Mount;
import dev.jcompose.model.Networking;
import dev.jcompose.model.PortMapping;
import dev.jcompose.model.ProcessConfig;
import dev.jcompose.model.Project;
import dev.jcompose.model.Security;
import dev.jcompose.model.Service;
import dev.jcompose.model.Storage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A service with what the user asked of one {@code run} put over it.
 *
 * @param asked what is put over it, as a service of its own
 * @param command the command line; empty for the service's own
 * @param ownPorts whether the service's ports are published too
 */
record RunService(Service declared, Service asked, List<String> command, boolean ownPorts, boolean tty, boolean stdin) {
    /** The service as it runs; a name is chosen by whoever makes its container. */
    Service merged(Optional<String> containerName) {
        return new Service(
                declared.name(),
                declared.image(),
                declared.build(),
                declared.pullPolicy(),
                declared.platform(),
                containerName,
                declared.scale(),
                declared.profiles(),
                declared.attach(),
                over(declared.labels(), asked.labels()),
                declared.annotations(),
                process(),
                networking(),
                storage(),
                declared.resources(),
                security(),
                declared.lifecycle(),
                declared.logging(),
                declared.attributes(),
                declared.configHash());
    }

    /** The project in which the service is like that. */
    Project in(Project project) {
        var services = new LinkedHashMap<>(project.services());
        services.put(declared.name(), merged(Optional.empty()));
        return new Project(
                project.name(),
                project.directory(),
                project.files(),
                services,
                project.disabledServices(),
                project.networks(),
                project.volumes(),
                project.configs(),
                project.secrets(),
                project.attributes(),
                project.environment(),
                project.warnings());
    }

    private ProcessConfig process() {
        var own = declared.process();
        var over = asked.process();
        boolean otherEntrypoint = over.entrypoint().isPresent();
        return new ProcessConfig(
                command.isEmpty() && !otherEntrypoint ? own.command() : Optional.of(command),
                over.entrypoint().or(own::entrypoint),
                over(own.environment(), over.environment()),
                over.workingDir().or(own::workingDir),
                over.user().or(own::user),
                own.groupAdd(),
                tty,
                stdin,
                own.init());
    }

    private Networking networking() {
        var own = declared.networking();
        List<PortMapping> ports = new ArrayList<>(asked.networking().ports());
        if (ownPorts) {
            ports.addAll(own.ports());
        }
        return new Networking(
                own.mode(),
                own.networks(),
                ports,
                own.expose(),
                own.hostname(),
                own.domainname(),
                own.macAddress(),
                own.dns(),
                own.dnsSearch(),
                own.dnsOptions(),
                own.extraHosts(),
                own.links(),
                own.externalLinks());
    }

    private Storage storage() {
        var own = declared.storage();
        SequencedMap<String, Mount> mounts = new LinkedHashMap<>();
        own.mounts().forEach(mount -> mounts.put(mount.target(), mount));
        asked.storage().mounts().forEach(mount -> mounts.put(mount.target(), mount));
        return new Storage(
                List.copyOf(mounts.values()),
                own.readOnly(),
                own.shmSize(),
                own.volumesFrom(),
                own.configs(),
                own.secrets());
    }

    private Security security() {
        var own = declared.security();
        var over = asked.security();
        return new Security(
                own.privileged(),
                joined(without(own.capAdd(), over.capDrop()), over.capAdd()),
                joined(without(own.capDrop(), over.capAdd()), over.capDrop()),
                own.securityOpt(),
                own.sysctls(),
                own.devices(),
                own.ipc(),
                own.pid(),
                own.uts(),
                own.userns(),
                own.cgroup(),
                own.cgroupParent(),
                own.deviceRules(),
                own.accelerators(),
                own.runtime());
    }

    private static List<String> without(List<String> list, List<String> unwanted) {
        return list.stream().filter(word -> !unwanted.contains(word)).toList();
    }

    private static List<String> joined(List<String> one, List<String> other) {
        List<String> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    private static <V> SequencedMap<String, V> over(Map<String, V> own, Map<String, V> asked) {
        SequencedMap<String, V> all = new LinkedHashMap<>(own);
        all.putAll(asked);
        return all;
    }
}
