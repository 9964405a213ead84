package dev.jcompose.runtime.testing;

import dev.jcompose.model.Healthcheck;
import dev.jcompose.model.Lifecycle;
import dev.jcompose.model.Logging;
import dev.jcompose.model.Mount;
import dev.jcompose.model.NetworkConfig;
import dev.jcompose.model.Networking;
import dev.jcompose.model.Networking.Attachment;
import dev.jcompose.model.Networking.HostEntry;
import dev.jcompose.model.PortMapping;
import dev.jcompose.model.ProcessConfig;
import dev.jcompose.model.Project;
import dev.jcompose.model.PullPolicy;
import dev.jcompose.model.Resources;
import dev.jcompose.model.RestartPolicy;
import dev.jcompose.model.Security;
import dev.jcompose.model.Service;
import dev.jcompose.model.Storage;
import dev.jcompose.model.VolumeConfig;
import dev.jcompose.model.problem.Position;
import dev.jcompose.runtime.ContainerSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;

/** Builds services for tests: everything unset but what a test names. */
public final class ServiceFixture {
    private final String name;
    private final SequencedMap<String, Position> attributes = new LinkedHashMap<>();
    private final SequencedMap<String, Optional<String>> environment = new LinkedHashMap<>();
    private final SequencedMap<String, Attachment> networks = new LinkedHashMap<>();
    private Optional<List<String>> command = Optional.empty();
    private Optional<List<String>> entrypoint = Optional.empty();
    private Optional<String> hostname = Optional.empty();
    private Optional<String> domainname = Optional.empty();
    private List<HostEntry> extraHosts = List.of();
    private Optional<String> user = Optional.empty();
    private Optional<String> mode = Optional.empty();
    private Optional<Healthcheck> healthcheck = Optional.empty();
    private RestartPolicy restart = new RestartPolicy.Never();
    private List<Mount> mounts = List.of();
    private List<PortMapping> ports = List.of();
    private OptionalLong memory = OptionalLong.empty();
    private List<String> securityOpt = List.of();
    private List<String> capDrop = List.of();
    private final SequencedMap<String, String> sysctls = new LinkedHashMap<>();
    private Optional<String> ipc = Optional.empty();

    public ServiceFixture(String name) {
        this.name = name;
    }

    public ServiceFixture command(String... words) {
        command = Optional.of(List.of(words));
        return this;
    }

    public ServiceFixture entrypoint(String... words) {
        entrypoint = Optional.of(List.of(words));
        return this;
    }

    public ServiceFixture hostname(String host, String domain) {
        hostname = Optional.of(host);
        domainname = Optional.of(domain);
        return this;
    }

    public ServiceFixture extraHost(String host, String address) {
        extraHosts = List.of(new HostEntry(host, address));
        return this;
    }

    public ServiceFixture environment(String key, String value) {
        environment.put(key, Optional.of(value));
        return this;
    }

    public ServiceFixture withoutVariable(String key) {
        environment.put(key, Optional.empty());
        return this;
    }

    public ServiceFixture user(String text) {
        user = Optional.of(text);
        return this;
    }

    public ServiceFixture networkMode(String text) {
        mode = Optional.of(text);
        return this;
    }

    public ServiceFixture network(String key, String... aliases) {
        networks.put(
                key,
                new Attachment(
                        List.of(aliases),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        0,
                        List.of(),
                        new LinkedHashMap<>()));
        return this;
    }

    public ServiceFixture healthcheck(Healthcheck check) {
        healthcheck = Optional.of(check);
        return this;
    }

    public ServiceFixture restart(RestartPolicy policy) {
        restart = policy;
        return this;
    }

    public ServiceFixture mounts(Mount... all) {
        mounts = List.of(all);
        return this;
    }

    public ServiceFixture port(String published, int target) {
        ports = List.of(new PortMapping(
                Optional.of("127.0.0.1"),
                Optional.of(published).filter(text -> !text.isEmpty()),
                target,
                "tcp",
                Optional.empty()));
        return this;
    }

    public ServiceFixture memory(long bytes) {
        memory = OptionalLong.of(bytes);
        return this;
    }

    public ServiceFixture securityOpt(String... options) {
        securityOpt = List.of(options);
        return this;
    }

    public ServiceFixture capDrop(String... names) {
        capDrop = List.of(names);
        return this;
    }

    public ServiceFixture sysctls(String... names) {
        for (var name : names) {
            sysctls.put(name, "1");
        }
        return this;
    }

    public ServiceFixture ipc(String text) {
        ipc = Optional.of(text);
        return this;
    }

    public ServiceFixture attribute(String path, int line) {
        attributes.put(path, new Position("compose.yaml", line, 5));
        return this;
    }

    public Service build() {
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
                new ProcessConfig(
                        command, entrypoint, environment, Optional.empty(), user, List.of(), false, false, false),
                new Networking(
                        mode,
                        networks,
                        ports,
                        List.of(),
                        hostname,
                        domainname,
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of(),
                        extraHosts,
                        List.of(),
                        List.of()),
                new Storage(mounts, false, OptionalLong.empty(), List.of(), List.of(), List.of()),
                new Resources(
                        memory,
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
                        Resources.Tuning.NONE),
                new Security(
                        false,
                        List.of(),
                        capDrop,
                        securityOpt,
                        sysctls,
                        List.of(),
                        ipc,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        Optional.empty()),
                new Lifecycle(
                        new LinkedHashMap<>(),
                        healthcheck,
                        restart,
                        Optional.empty(),
                        Optional.empty(),
                        Lifecycle.Hooks.NONE,
                        Lifecycle.Restarts.PLAIN),
                new Logging(Optional.empty(), new LinkedHashMap<>()),
                attributes,
                "hash-of-" + name);
    }

    public ContainerSpec spec(String project) {
        return spec(project(project, build()), 1);
    }

    public ContainerSpec spec(Project project, int number) {
        return new ContainerSpec(
                project,
                build(),
                number,
                project.name() + "-" + name + "-" + number,
                Optional.empty(),
                Optional.empty());
    }

    /** A project of these services with a default network and a volume named {@code data}. */
    public static Project project(String name, Service... services) {
        SequencedMap<String, Service> byName = new LinkedHashMap<>();
        for (var service : services) {
            byName.put(service.name(), service);
        }
        SequencedMap<String, NetworkConfig> networks = new LinkedHashMap<>();
        networks.put("default", networkConfig(name + "_default"));
        SequencedMap<String, VolumeConfig> volumes = new LinkedHashMap<>();
        volumes.put("data", volume(name + "_data"));
        return new Project(
                name,
                Path.of("/srv/shop"),
                List.of(Path.of("/srv/shop/compose.yaml")),
                byName,
                new LinkedHashMap<>(),
                networks,
                volumes,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                Map.of(),
                List.of());
    }

    public static NetworkConfig networkConfig(String name, NetworkConfig.Pool... pools) {
        return new NetworkConfig(
                "default",
                name,
                false,
                Optional.empty(),
                new LinkedHashMap<>(),
                Optional.empty(),
                List.of(pools),
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                new LinkedHashMap<>(),
                new Position("compose.yaml", 20, 3),
                "network-hash");
    }

    public static NetworkConfig.Pool pool(String subnet) {
        return new NetworkConfig.Pool(Optional.of(subnet), Optional.empty(), Optional.empty(), new LinkedHashMap<>());
    }

    public static VolumeConfig volume(String name) {
        return new VolumeConfig(
                "data",
                name,
                false,
                Optional.empty(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new Position("compose.yaml", 30, 3),
                "volume-hash");
    }
}
