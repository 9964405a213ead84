package dev.jcompose.model;

import dev.jcompose.model.Networking.HostEntry;
import dev.jcompose.model.Resources.Ulimit;
import dev.jcompose.model.Storage.FileMount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;

/**
 * What the steps of a build get besides the files of their context.
 *
 * @param contexts further sources by name: a path, {@code docker-image://}, {@code oci-layout://} or {@code service:}
 * @param secrets by their identifiers as targets
 * @param ssh {@code default} or {@code id=agent socket or key file}
 * @param network {@code default}, {@code none} or {@code host}
 * @param shmSize bytes of {@code /dev/shm}
 * @param entitlements what steps may ask for, such as {@code security.insecure}
 * @param noCacheFilter stages that are always built again
 * @param cacheFrom where results of steps come from, as {@code type=...,key=value}
 * @param cacheTo where they go
 */
public record BuildMeans(
        SequencedMap<String, String> contexts,
        List<FileMount> secrets,
        List<String> ssh,
        Optional<String> network,
        List<HostEntry> extraHosts,
        OptionalLong shmSize,
        SequencedMap<String, Ulimit> ulimits,
        List<String> entitlements,
        List<String> platforms,
        List<String> noCacheFilter,
        List<String> cacheFrom,
        List<String> cacheTo) {
    public static final BuildMeans NONE = new BuildMeans(
            new LinkedHashMap<>(),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            OptionalLong.empty(),
            new LinkedHashMap<>(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());

    private static final String SERVICE = "service:";

    public BuildMeans {
        contexts = Copies.ordered(contexts);
        secrets = List.copyOf(secrets);
        ssh = List.copyOf(ssh);
        extraHosts = List.copyOf(extraHosts);
        ulimits = Copies.ordered(ulimits);
        entitlements = List.copyOf(entitlements);
        platforms = List.copyOf(platforms);
        noCacheFilter = List.copyOf(noCacheFilter);
        cacheFrom = List.copyOf(cacheFrom);
        cacheTo = List.copyOf(cacheTo);
    }

    /** The services whose images this build starts from or copies from. */
    public List<String> services() {
        return contexts.values().stream()
                .filter(source -> source.startsWith(SERVICE))
                .map(source -> source.substring(SERVICE.length()))
                .toList();
    }

    /** The same with other contexts and agents. */
    public BuildMeans with(SequencedMap<String, String> otherContexts, List<String> otherSsh) {
        return new BuildMeans(
                otherContexts,
                secrets,
                otherSsh,
                network,
                extraHosts,
                shmSize,
                ulimits,
                entitlements,
                platforms,
                noCacheFilter,
                cacheFrom,
                cacheTo);
    }
}
