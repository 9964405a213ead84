package dev.jcompose.model.decode;

import dev.jcompose.model.FileConfig;
import dev.jcompose.model.Logging;
import dev.jcompose.model.NetworkConfig;
import dev.jcompose.model.NetworkConfig.Pool;
import dev.jcompose.model.Service;
import dev.jcompose.model.VolumeConfig;
import dev.jcompose.model.problem.Position;
import dev.jcompose.model.yaml.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** Decodes services and the resources they share. */
public final class ProjectDecoder {
    private ProjectDecoder() {}

    /**
     * Decodes one service.
     *
     * @param attributes what the user set, before anything was implied
     */
    public static Service service(
            String name, Mapping mapping, SequencedMap<String, Position> attributes, String configHash) {
        var service = new Fields(mapping);
        return new Service(
                name,
                service.word("image"),
                ProcessDecoder.build(service),
                ProcessDecoder.pullPolicy(service),
                service.word("platform"),
                service.word("container_name"),
                scale(service),
                service.words("profiles"),
                service.flag("attach", true),
                service.pairs("labels"),
                service.pairs("annotations"),
                ProcessDecoder.process(service),
                NetworkingDecoder.networking(service),
                StorageDecoder.storage(service),
                LimitsDecoder.resources(service),
                LimitsDecoder.security(service),
                ProcessDecoder.lifecycle(service),
                logging(service),
                attributes,
                configHash);
    }

    private static int scale(Fields service) {
        var scale = service.integer("scale");
        return scale.isPresent()
                ? scale.getAsInt()
                : service.fields("deploy").integer("replicas").orElse(1);
    }

    private static Logging logging(Fields service) {
        var logging = service.fields("logging");
        return new Logging(logging.word("driver"), logging.pairs("options"));
    }

    public static NetworkConfig network(String key, Mapping mapping, String configHash) {
        var network = new Fields(mapping);
        var ipam = network.fields("ipam");
        return new NetworkConfig(
                key,
                network.word("name").orElse(key),
                network.flag("external"),
                network.word("driver"),
                network.pairs("driver_opts"),
                ipam.word("driver"),
                pools(ipam),
                network.flag("internal"),
                network.flag("attachable"),
                network.maybeFlag("enable_ipv4"),
                network.maybeFlag("enable_ipv6"),
                network.pairs("labels"),
                mapping.at(),
                configHash);
    }

    private static List<Pool> pools(Fields ipam) {
        var found = new ArrayList<Pool>();
        for (var pool : ipam.list("config")) {
            found.add(new Pool(
                    pool.word("subnet"), pool.word("gateway"), pool.word("ip_range"), pool.pairs("aux_addresses")));
        }
        return found;
    }

    public static VolumeConfig volume(String key, Mapping mapping, String configHash) {
        var volume = new Fields(mapping);
        return new VolumeConfig(
                key,
                volume.word("name").orElse(key),
                volume.flag("external"),
                volume.word("driver"),
                volume.pairs("driver_opts"),
                volume.pairs("labels"),
                mapping.at(),
                configHash);
    }

    /** A config or secret. */
    public static FileConfig file(String key, Mapping mapping) {
        var file = new Fields(mapping);
        Optional<FileConfig.Source> source = file.text("file")
                .<FileConfig.Source>map(FileConfig.Source.HostFile::new)
                .or(() -> file.text("content").map(FileConfig.Source.Content::new))
                .or(() -> file.text("environment").map(FileConfig.Source.Variable::new));
        return new FileConfig(key, file.word("name").orElse(key), file.flag("external"), source, mapping.at());
    }

    /** Every named mapping below a top-level key, decoded. */
    public static <T> SequencedMap<String, T> all(Mapping model, String kind, Decoding<T> decoding) {
        var found = new LinkedHashMap<String, T>();
        model.mapping(kind)
                .ifPresent(all -> all.entries().forEach((key, entry) -> {
                    if (!key.startsWith("x-") && entry.value() instanceof Mapping mapping) {
                        found.put(key, decoding.decode(key, mapping));
                    }
                }));
        return found;
    }

    /** Decodes one named mapping. */
    @FunctionalInterface
    public interface Decoding<T> {
        T decode(String key, Mapping mapping);
    }
}
