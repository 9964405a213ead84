package dev.jcompose.planner.testing;

import dev.jcompose.model.NetworkConfig;
import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.model.VolumeConfig;
import dev.jcompose.model.problem.Position;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** A declared project for tests, called shop; its networks and volumes are those its services mention. */
public final class ProjectSample {
    private static final Position AT = new Position("compose.yaml", 1, 1);

    private final List<ServiceSample> services;
    private final Map<String, String> hashes = new HashMap<>();
    private final List<String> external = new ArrayList<>();

    private ProjectSample(List<ServiceSample> services) {
        this.services = services;
    }

    public static ProjectSample shop(ServiceSample... services) {
        return new ProjectSample(List.of(services));
    }

    /** As if the configuration of a network or volume had been edited. */
    public ProjectSample hash(String key, String hash) {
        hashes.put(key, hash);
        return this;
    }

    public ProjectSample external(String key) {
        external.add(key);
        return this;
    }

    public Project project() {
        SequencedMap<String, Service> enabled = new LinkedHashMap<>();
        SequencedMap<String, Service> disabled = new LinkedHashMap<>();
        SequencedMap<String, NetworkConfig> networks = new LinkedHashMap<>();
        SequencedMap<String, VolumeConfig> volumes = new LinkedHashMap<>();
        for (ServiceSample sample : services) {
            (sample.profiles().isEmpty() ? enabled : disabled).put(sample.name, sample.service());
            sample.networks.forEach(key -> networks.put(key, network(key)));
            sample.volumes.forEach(key -> volumes.put(key, volume(key)));
        }
        return new Project(
                "shop",
                Path.of("/shop"),
                List.of(Path.of("/shop/compose.yaml")),
                enabled,
                disabled,
                networks,
                volumes,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                Map.of(),
                List.of());
    }

    private String name(String key) {
        return external.contains(key) ? key : "shop_" + key;
    }

    private NetworkConfig network(String key) {
        return new NetworkConfig(
                key,
                name(key),
                external.contains(key),
                Optional.empty(),
                new LinkedHashMap<>(),
                Optional.empty(),
                List.of(),
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                new LinkedHashMap<>(),
                AT,
                hashes.getOrDefault(key, "n1"));
    }

    private VolumeConfig volume(String key) {
        return new VolumeConfig(
                key,
                name(key),
                external.contains(key),
                Optional.empty(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                AT,
                hashes.getOrDefault(key, "v1"));
    }
}
