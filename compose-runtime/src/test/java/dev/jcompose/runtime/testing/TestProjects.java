package dev.jcompose.runtime.testing;

import dev.jcompose.model.Dependency;
import dev.jcompose.model.Lifecycle;
import dev.jcompose.model.Logging;
import dev.jcompose.model.NetworkConfig;
import dev.jcompose.model.Networking;
import dev.jcompose.model.ProcessConfig;
import dev.jcompose.model.Project;
import dev.jcompose.model.PullPolicy;
import dev.jcompose.model.Resources;
import dev.jcompose.model.RestartPolicy;
import dev.jcompose.model.Security;
import dev.jcompose.model.Service;
import dev.jcompose.model.Storage;
import dev.jcompose.model.problem.Position;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;

/** Small declared projects, called shop, on one default network. */
public final class TestProjects {
    private TestProjects() {}

    public static Project shop(Service... services) {
        SequencedMap<String, Service> byName = new LinkedHashMap<>();
        List.of(services).forEach(service -> byName.put(service.name(), service));
        SequencedMap<String, NetworkConfig> networks = new LinkedHashMap<>();
        networks.put("default", network());
        return new Project(
                "shop",
                Path.of("/shop"),
                List.of(),
                byName,
                new LinkedHashMap<>(),
                networks,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                Map.of(),
                List.of());
    }

    public static Service service(String name, Map<String, Dependency> dependsOn) {
        return new Service(
                name,
                Optional.of("busybox"),
                Optional.empty(),
                new PullPolicy.Missing(),
                Optional.empty(),
                Optional.empty(),
                1,
                List.of(),
                true,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                process(),
                networking(),
                new Storage(List.of(), false, OptionalLong.empty(), List.of(), List.of(), List.of()),
                resources(),
                security(),
                new Lifecycle(
                        new LinkedHashMap<>(dependsOn),
                        Optional.empty(),
                        new RestartPolicy.Never(),
                        Optional.empty(),
                        Optional.empty(),
                        Lifecycle.Hooks.NONE,
                        Lifecycle.Restarts.PLAIN),
                new Logging(Optional.empty(), new LinkedHashMap<>()),
                new LinkedHashMap<>(),
                "hash");
    }

    private static NetworkConfig network() {
        return new NetworkConfig(
                "default",
                "shop_default",
                false,
                Optional.empty(),
                new LinkedHashMap<>(),
                Optional.empty(),
                List.of(),
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                new LinkedHashMap<>(),
                new Position("compose.yaml", 1, 1),
                "network-hash");
    }

    private static ProcessConfig process() {
        return new ProcessConfig(
                Optional.empty(),
                Optional.empty(),
                new LinkedHashMap<>(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false,
                false,
                false);
    }

    private static Networking networking() {
        SequencedMap<String, Networking.Attachment> networks = new LinkedHashMap<>();
        networks.put("default", Networking.Attachment.PLAIN);
        return new Networking(
                Optional.empty(),
                networks,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static Resources resources() {
        return new Resources(
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                false,
                new LinkedHashMap<>(),
                Resources.Tuning.NONE);
    }

    private static Security security() {
        return new Security(
                false,
                List.of(),
                List.of(),
                List.of(),
                new LinkedHashMap<>(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
    }
}
