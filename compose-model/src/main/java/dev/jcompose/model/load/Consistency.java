package dev.jcompose.model.load;

import dev.jcompose.model.problem.Problems;
import dev.jcompose.model.spec.Nearest;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold between the parts of a project: everything named exists and nothing contradicts itself. */
final class Consistency {
    private final Mapping model;
    private final Mapping services;
    private final Set<String> disabled;
    private final Problems problems;
    private final Map<String, String> containerNames = new HashMap<>();

    /** {@code disabled} names the services that no profile enables; only what can do without them may depend on them. */
    Consistency(Mapping model, Set<String> disabled, Problems problems) {
        this.model = model;
        this.services = model.mapping("services").orElseGet(() -> Mapping.empty(model.at()));
        this.disabled = disabled;
        this.problems = problems;
    }

    void check() {
        services.entries().forEach((name, entry) -> {
            if (entry.value() instanceof Mapping service && !name.startsWith("x-")) {
                checkService(name, service);
            }
        });
        new DependencyCycles(services, problems).check();
        checkFileObjects();
    }

    private void checkService(String name, Mapping service) {
        if (service.text("image").filter(text -> !text.isEmpty()).isEmpty()
                && !service.has("build")
                && !service.has("provider")) {
            error(name, service, "", "service \"" + name + "\" has neither an image nor a build context specified");
        }
        service.mapping("build").ifPresent(build -> checkBuild(name, service, build));
        checkNetworks(name, service);
        service.mapping("depends_on")
                .ifPresent(all -> all.entries().forEach((other, entry) -> {
                    boolean required = !(entry.value() instanceof Mapping one) || one.flag("required");
                    if (!services.has(other) && (required || !disabled.contains(other))) {
                        error(
                                name,
                                entry.value(),
                                "depends_on",
                                "service \"" + name + "\" depends on undefined service \"" + other + "\""
                                        + hint(other, services));
                    }
                }));
        checkReferences(name, service);
        checkVolumes(name, service);
        checkScale(name, service);
        new ServiceLimits(name, service, problems).check();
    }

    private void error(String service, YamlNode at, String key, String message) {
        problems.error(at.at(), "services." + service + (key.isEmpty() ? "" : "." + key), message);
    }

    private static String hint(String name, Mapping known) {
        return Nearest.hint(name, known.entries().keySet());
    }

    private void checkBuild(String name, Mapping service, Mapping build) {
        if (build.has("dockerfile") && build.has("dockerfile_inline")) {
            error(name, build, "build", "dockerfile and dockerfile_inline are mutually exclusive");
        }
        build.mapping("additional_contexts")
                .ifPresent(contexts -> contexts.entries().forEach((key, entry) -> {
                    var context = entry.value() instanceof Scalar scalar ? scalar.text() : "";
                    if (context.startsWith("service:")) {
                        checkContext(name, context.substring(8), key, entry.value());
                    }
                }));
        checkDefined(name, build.sequence("secrets"), "secrets", "build secret");
        var platforms = build.sequence("platforms").map(Sequence::items).orElse(List.of());
        var platform = service.text("platform");
        if (!platforms.isEmpty()
                && platform.isPresent()
                && platforms.stream()
                        .noneMatch(
                                item -> item instanceof Scalar one && one.text().equals(platform.get()))) {
            error(name, build, "build.platforms", "must include the service's platform \"" + platform.get() + "\"");
        }
    }

    private void checkContext(String name, String other, String key, YamlNode at) {
        boolean known = services.has(other);
        if (!known
                || services.mapping(other)
                        .filter(service -> !service.has("build"))
                        .isPresent()) {
            error(
                    name,
                    at,
                    "build.additional_contexts." + key,
                    "service \"" + name + "\" declares " + (known ? "non-buildable" : "unknown") + " service \"" + other
                            + "\" as additional contexts " + key);
        }
    }

    private void checkNetworks(String name, Mapping service) {
        var mode = service.get("network_mode");
        var networks = service.mapping("networks");
        if (mode.isPresent() && networks.map(all -> !all.entries().isEmpty()).orElse(false)) {
            error(
                    name,
                    mode.get(),
                    "network_mode",
                    "service \"" + name + "\" declares mutually exclusive network_mode and networks");
        }
        var known = model.mapping("networks").orElseGet(() -> Mapping.empty(model.at()));
        networks.ifPresent(all -> all.entries().forEach((network, entry) -> {
            if (!known.has(network)) {
                undefined(name, entry.value(), "network", network, known);
            }
        }));
    }

    private void undefined(String service, YamlNode at, String kind, String name, Mapping known) {
        error(
                service,
                at,
                kind.substring(kind.indexOf(' ') + 1) + "s",
                "service \"" + service + "\" refers to undefined " + kind + " \"" + name + "\"" + hint(name, known));
    }

    private void checkReferences(String name, Mapping service) {
        checkDefined(name, service.sequence("secrets"), "secrets", "secret");
        checkDefined(name, service.sequence("configs"), "configs", "config");
        var known = model.mapping("models").orElseGet(() -> Mapping.empty(model.at()));
        service.mapping("models")
                .ifPresent(all -> all.entries().forEach((one, entry) -> {
                    if (!known.has(one)) {
                        undefined(name, entry.value(), "model", one, known);
                    }
                }));
    }

    private void checkDefined(String service, Optional<Sequence> references, String kind, String word) {
        var known = model.mapping(kind).orElseGet(() -> Mapping.empty(model.at()));
        for (var item : references.map(Sequence::items).orElse(List.of())) {
            var source =
                    item instanceof Mapping reference ? reference.text("source").orElse("") : "";
            if (!known.has(source)) {
                undefined(service, item, word, source, known);
            }
        }
    }

    private void checkVolumes(String name, Mapping service) {
        var known = model.mapping("volumes").orElseGet(() -> Mapping.empty(model.at()));
        for (var item : service.sequence("volumes").map(Sequence::items).orElse(List.of())) {
            if (item instanceof Mapping volume
                    && volume.text("type").map("volume"::equals).orElse(false)) {
                volume.text("source")
                        .filter(source -> !source.isEmpty() && !known.has(source))
                        .ifPresent(source -> undefined(name, volume, "volume", source, known));
            }
        }
    }

    private void checkScale(String name, Mapping service) {
        var container = service.get("container_name");
        var scale =
                service.text("scale").or(() -> service.mapping("deploy").flatMap(deploy -> deploy.text("replicas")));
        if (container.isEmpty() || !(container.get() instanceof Scalar written)) {
            return;
        }
        if (scale.isPresent() && !scale.get().equals("1") && !scale.get().equals("0")) {
            error(
                    name,
                    written,
                    "container_name",
                    "scale " + scale.get()
                            + " and container_name exclude each other, as container names must be unique");
        }
        var first = containerNames.putIfAbsent(written.text(), name);
        if (first != null) {
            error(
                    name,
                    written,
                    "container_name",
                    "container name \"" + written.text() + "\" is already in use by service \"" + first + "\"");
        }
    }

    private void checkFileObjects() {
        checkSources("secrets", List.of("file", "environment"));
        checkSources("configs", List.of("file", "environment", "content"));
        for (var kind : List.of("volumes", "networks")) {
            model.mapping(kind)
                    .ifPresent(all -> all.entries().forEach((key, entry) -> {
                        if (entry.value() instanceof Mapping resource && kind.equals("volumes")) {
                            checkExternal(kind + "." + key, resource);
                        }
                    }));
        }
    }

    private void checkExternal(String path, Mapping resource) {
        if (resource.flag("external")) {
            for (var other : List.of("driver", "driver_opts", "labels")) {
                resource.get(other)
                        .ifPresent(value -> problems.error(
                                value.at(),
                                path,
                                "conflicting parameters \"external\" and \"" + other + "\" specified"));
            }
        }
    }

    private void checkSources(String kind, List<String> sources) {
        model.mapping(kind)
                .ifPresent(all -> all.entries().forEach((key, entry) -> {
                    if (entry.value() instanceof Mapping object && !key.startsWith("x-") && !object.flag("external")) {
                        long set = sources.stream()
                                .filter(source -> source.equals("environment")
                                        ? object.text(source)
                                                .filter(name -> !name.isEmpty())
                                                .isPresent()
                                        : object.has(source))
                                .count();
                        if (set > 1) {
                            problems.error(
                                    object.at(),
                                    kind + "." + key,
                                    String.join(", ", sources) + " are mutually exclusive");
                        } else if (set == 0) {
                            problems.error(
                                    object.at(),
                                    kind + "." + key,
                                    "one of " + String.join(", ", sources) + " must be set");
                        }
                    }
                }));
    }
}
