package dev.jcompose.planner.testing;

import dev.jcompose.model.Build;
import dev.jcompose.model.BuildMeans;
import dev.jcompose.model.Dependency;
import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.model.Healthcheck;
import dev.jcompose.model.Lifecycle;
import dev.jcompose.model.Logging;
import dev.jcompose.model.Mount;
import dev.jcompose.model.Networking;
import dev.jcompose.model.ProcessConfig;
import dev.jcompose.model.PullPolicy;
import dev.jcompose.model.Resources;
import dev.jcompose.model.RestartPolicy;
import dev.jcompose.model.Security;
import dev.jcompose.model.Service;
import dev.jcompose.model.Storage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;

/** A declared service for tests: an image, the default network, one container, until told otherwise. */
public final class ServiceSample {
    final String name;
    final List<String> networks = new ArrayList<>(List.of("default"));
    final List<String> volumes = new ArrayList<>();
    private final SequencedMap<String, Dependency> needs = new LinkedHashMap<>();
    private final List<String> links = new ArrayList<>();
    private final List<String> volumesFrom = new ArrayList<>();
    private Optional<String> image = Optional.of("busybox");
    private boolean built;
    private PullPolicy pullPolicy = new PullPolicy.Missing();
    private Optional<String> containerName = Optional.empty();
    private Optional<String> mode = Optional.empty();
    private Optional<Healthcheck> healthcheck = Optional.empty();
    private int scale = 1;
    private List<String> profiles = List.of();
    private String hash = "h1";

    private ServiceSample(String name) {
        this.name = name;
    }

    public static ServiceSample service(String name) {
        return new ServiceSample(name);
    }

    public ServiceSample needs(String service, Condition condition) {
        return needs(service, new Dependency(condition, false, true));
    }

    public ServiceSample needs(String service, Dependency dependency) {
        needs.put(service, dependency);
        return this;
    }

    public ServiceSample links(String... services) {
        links.addAll(List.of(services));
        return this;
    }

    public ServiceSample volumesFrom(String... services) {
        volumesFrom.addAll(List.of(services));
        return this;
    }

    public ServiceSample networks(String... keys) {
        networks.clear();
        networks.addAll(List.of(keys));
        return this;
    }

    public ServiceSample networkOf(String service) {
        networks.clear();
        mode = Optional.of("service:" + service);
        return this;
    }

    public ServiceSample volumes(String... keys) {
        volumes.addAll(List.of(keys));
        return this;
    }

    public ServiceSample image(String reference) {
        image = Optional.of(reference);
        return this;
    }

    public ServiceSample built() {
        image = Optional.empty();
        built = true;
        return this;
    }

    public ServiceSample withoutImage() {
        image = Optional.empty();
        return this;
    }

    public ServiceSample pull(PullPolicy policy) {
        pullPolicy = policy;
        return this;
    }

    public ServiceSample containerName(String wanted) {
        containerName = Optional.of(wanted);
        return this;
    }

    public ServiceSample healthcheckDisabled() {
        healthcheck = Optional.of(new Healthcheck(
                List.of(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                true));
        return this;
    }

    public ServiceSample scale(int wanted) {
        scale = wanted;
        return this;
    }

    public ServiceSample profiles(String... names) {
        profiles = List.of(names);
        return this;
    }

    /** As if something in its configuration had been edited. */
    public ServiceSample hash(String other) {
        hash = other;
        return this;
    }

    List<String> profiles() {
        return profiles;
    }

    Service service() {
        return new Service(
                name,
                image,
                built ? Optional.of(build()) : Optional.empty(),
                pullPolicy,
                Optional.empty(),
                containerName,
                scale,
                profiles,
                true,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                process(),
                networking(),
                storage(),
                resources(),
                security(),
                new Lifecycle(
                        needs,
                        healthcheck,
                        new RestartPolicy.Never(),
                        Optional.empty(),
                        Optional.empty(),
                        Lifecycle.Hooks.NONE,
                        Lifecycle.Restarts.PLAIN),
                new Logging(Optional.empty(), new LinkedHashMap<>()),
                new LinkedHashMap<>(),
                hash);
    }

    private static Build build() {
        return new Build(
                "/shop",
                Optional.empty(),
                Optional.empty(),
                new LinkedHashMap<>(),
                Optional.empty(),
                new LinkedHashMap<>(),
                List.of(),
                false,
                false,
                BuildMeans.NONE);
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

    private Networking networking() {
        SequencedMap<String, Networking.Attachment> attachments = new LinkedHashMap<>();
        networks.forEach(key -> attachments.put(key, Networking.Attachment.PLAIN));
        return new Networking(
                mode,
                attachments,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                links,
                List.of());
    }

    private Storage storage() {
        List<Mount> mounts = new ArrayList<>();
        volumes.forEach(key -> mounts.add(new Mount.NamedVolume(key, "/" + key, false, false, Optional.empty())));
        return new Storage(mounts, false, OptionalLong.empty(), volumesFrom, List.of(), List.of());
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
