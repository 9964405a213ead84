package dev.jcompose.model.load;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Mapping.Entry;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Says what the files leave unsaid: the default network, implied dependencies, names on the backend. */
final class Normalizer {
    private static final List<String> NAMESPACES = List.of("network_mode", "ipc", "pid", "uts", "cgroup");
    private static final String SERVICE = "service:";

    private final String project;
    private final ProjectEnvironment environment;

    Normalizer(String project, ProjectEnvironment environment) {
        this.project = project;
        this.environment = environment;
    }

    Mapping normalize(Mapping model) {
        var normal = model.changeEach("services", this::service);
        return withNames(withDefaultNetwork(normal));
    }

    private Mapping service(Mapping service) {
        var withNetwork = joinsDefault(service)
                ? service.with("networks", Mapping.empty(service.at()).with("default", nothing(service)))
                : service;
        var withBuild = withNetwork.change("build", build -> build instanceof Mapping mapping ? build(mapping) : build);
        return withVariables(withImpliedDependencies(withHooks(withBuild)), environment);
    }

    private static Scalar nothing(Mapping at) {
        return new Scalar(at.at(), "", Scalar.Kind.NULL);
    }

    private static boolean joinsDefault(Mapping service) {
        boolean none = service.mapping("networks")
                .map(networks -> networks.entries().isEmpty())
                .orElse(true);
        return none && !service.has("provider") && !service.has("network_mode");
    }

    private Mapping build(Mapping build) {
        var normal = build;

        if (!normal.has("dockerfile") && !normal.has("dockerfile_inline")) {
            normal = normal.with("dockerfile", YamlNode.text(build.at(), "Dockerfile"));
        }
        return normal.change(
                "args", args -> args instanceof Mapping mapping ? resolved(mapping, environment, false) : args);
    }

    /** A service whose variables without a value take the project's. */
    static Mapping withVariables(Mapping service, ProjectEnvironment environment) {
        return service.change("environment", variables -> {
            if (variables instanceof Mapping mapping) {
                return resolved(mapping, environment, true);
            }
            return variables instanceof Sequence lines ? resolved(lines, environment) : variables;
        });
    }

    private static Sequence resolved(Sequence lines, ProjectEnvironment environment) {
        return new Sequence(
                lines.at(),
                lines.items().stream()
                        .map(line -> line instanceof Scalar name && name.text().indexOf('=') < 0
                                ? environment
                                        .value(name.text())
                                        .<YamlNode>map(value -> name.withText(name.text() + "=" + value))
                                        .orElse(line)
                                : line)
                        .toList());
    }

    /** What runs before the start runs in the service's own image unless it names another. */
    private static Mapping withHooks(Mapping service) {
        var image = service.get("image");
        return service.change("pre_start", hooks -> {
            if (image.isEmpty() || !(hooks instanceof Sequence sequence)) {
                return hooks;
            }
            return new Sequence(
                    sequence.at(),
                    sequence.items().stream()
                            .map(hook -> hook instanceof Mapping one && !one.has("image")
                                    ? one.with("image", image.get())
                                    : hook)
                            .toList());
        });
    }

    /** Variables without a value take the project's; those it lacks stay or go. */
    private static Mapping resolved(Mapping variables, ProjectEnvironment environment, boolean keepMissing) {
        var entries = new LinkedHashMap<String, Entry>();
        variables.entries().forEach((name, entry) -> {
            var value = entry.value().isNull() ? environment.value(name) : Optional.<String>empty();
            if (value.isPresent()) {
                entries.put(name, entry.with(YamlNode.text(entry.value().at(), value.get())));
            } else if (keepMissing || !entry.value().isNull()) {
                entries.put(name, entry);
            }
        });
        return new Mapping(variables.at(), entries);
    }

    private Mapping withImpliedDependencies(Mapping service) {
        var dependencies = service.mapping("depends_on").orElseGet(() -> Mapping.empty(service.at()));
        for (var item : items(service, "links")) {
            dependencies = implied(dependencies, item, before(item.text()), true);
        }
        for (var namespace : NAMESPACES) {
            if (service.get(namespace).orElse(service) instanceof Scalar mode
                    && mode.text().startsWith(SERVICE)) {
                dependencies = implied(dependencies, mode, mode.text().substring(SERVICE.length()), true);
            }
        }
        for (var item : items(service, "volumes_from")) {
            if (!item.text().startsWith("container:")) {
                dependencies = implied(dependencies, item, before(item.text()), false);
            }
        }
        return dependencies.entries().isEmpty() ? service : service.with("depends_on", dependencies);
    }

    private static List<Scalar> items(Mapping service, String key) {
        return service.sequence(key).map(Sequence::items).orElse(List.of()).stream()
                .map(Scalar.class::cast)
                .toList();
    }

    private static String before(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? text : text.substring(0, colon);
    }

    private static Mapping implied(Mapping dependencies, Scalar at, String service, boolean restart) {
        if (dependencies.has(service)) {
            return dependencies;
        }
        var dependency = Mapping.empty(at.at())
                .with("condition", at.withText("service_started"))
                .with("restart", YamlNode.flag(at.at(), restart))
                .with("required", YamlNode.flag(at.at(), true));
        return dependencies.with(service, dependency);
    }

    private static Mapping withDefaultNetwork(Mapping model) {
        boolean used = model.mapping("services")
                .map(services -> services.entries().values().stream()
                        .anyMatch(entry -> entry.value() instanceof Mapping service
                                && service.mapping("networks")
                                        .map(networks -> networks.has("default"))
                                        .orElse(false)))
                .orElse(false);
        var networks = model.mapping("networks").orElseGet(() -> Mapping.empty(model.at()));
        return used && !networks.has("default")
                ? model.with("networks", networks.with("default", Mapping.empty(model.at())))
                : model;
    }

    private Mapping withNames(Mapping model) {
        var named = model;
        for (var kind : List.of("networks", "volumes", "configs", "secrets")) {
            named = named.change(kind, all -> all instanceof Mapping mapping ? named(mapping) : all);
        }
        return named;
    }

    private YamlNode named(Mapping resources) {
        var entries = new LinkedHashMap<String, Entry>();
        resources.entries().forEach((key, entry) -> {
            if (entry.value() instanceof Mapping resource && !key.startsWith("x-") && !resource.has("name")) {
                var name = resource.flag("external") ? key : project + "_" + key;
                entries.put(key, entry.with(resource.with("name", YamlNode.text(resource.at(), name))));
            } else {
                entries.put(key, entry);
            }
        });
        return new Mapping(resources.at(), entries);
    }
}
