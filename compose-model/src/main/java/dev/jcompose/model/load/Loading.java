package dev.jcompose.model.load;

import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.model.decode.ProjectDecoder;
import dev.jcompose.model.interpolate.Template;
import dev.jcompose.model.problem.Position;
import dev.jcompose.model.problem.Problems;
import dev.jcompose.model.render.ConfigHash;
import dev.jcompose.model.render.ProjectDocument;
import dev.jcompose.model.spec.ComposeFile;
import dev.jcompose.model.spec.Merging;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One load: from a request to a project or all that is wrong with it. */
final class Loading {
    private final LoadRequest request;
    private final List<String> selected;
    private final Problems problems = new Problems();
    private final ModelReader reader;
    private final EnvFiles envFiles;
    private final ProjectFiles files;

    Loading(LoadRequest request, List<String> selected) {
        this.request = request;
        this.selected = selected;
        var sources = new SourceFiles(request.workingDirectory(), request.stdin(), problems);
        this.reader = new ModelReader(sources, problems, request.options());
        this.envFiles = new EnvFiles(sources, problems);
        this.files = ProjectFiles.locate(request, envFiles, problems);
        problems.throwIfAny();
    }

    /** A model after merging, split by profiles. */
    private record Merged(String name, ProjectEnvironment environment, Mapping model, Mapping disabled) {}

    Project project() {
        var merged = merged();
        var attributes = AttributePlaces.ofServices(merged.model());
        var finished = withoutMissingDependencies(finished(merged));
        problems.throwIfAny();
        var disabled = new Normalizer(merged.name(), merged.environment())
                .normalize(merged.model().with("services", merged.disabled()));
        return new Project(
                merged.name(),
                files.directory(),
                files.files().stream().flatMap(Optional::stream).toList(),
                services(finished, attributes),
                services(disabled, AttributePlaces.ofServices(disabled)),
                ProjectDecoder.all(
                        finished,
                        "networks",
                        (key, network) -> ProjectDecoder.network(key, network, ConfigHash.ofResource(network))),
                ProjectDecoder.all(
                        finished,
                        "volumes",
                        (key, volume) -> ProjectDecoder.volume(key, volume, ConfigHash.ofResource(volume))),
                ProjectDecoder.all(finished, "configs", ProjectDecoder::file),
                ProjectDecoder.all(finished, "secrets", ProjectDecoder::file),
                AttributePlaces.ofResources(merged.model()),
                merged.environment().asMap(),
                problems.warnings());
    }

    /** Everything {@code config} prints. */
    ProjectDocument document() {
        var merged = merged();
        var finished = request.options().interpolate() ? Resources.onlyUsed(chosen(finished(merged))) : literal(merged);
        problems.throwIfAny();
        return document(merged, finished);
    }

    /** What {@code config} lists, for which the services' env files are not needed. */
    ProjectDocument outline() {
        var merged = merged();
        var finished = request.options().interpolate() ? Resources.onlyUsed(consistent(merged)) : literal(merged);
        problems.throwIfAny();
        return document(merged, finished);
    }

    private ProjectDocument document(Merged merged, Mapping model) {
        boolean literal = !request.options().interpolate();
        boolean normal = request.options().normalize();
        var name = normal ? merged.name() : model.text("name").orElse(merged.name());
        var services = model.mapping("services").orElseGet(() -> Mapping.empty(model.at()));
        var unversioned = model.without("version");
        var named = literal && !normal && !model.has("name")
                ? unversioned
                : unversioned.with("name", YamlNode.text(model.at(), name));
        var document =
                literal && services.entries().isEmpty() ? named.without("services") : named.with("services", services);
        return new ProjectDocument(merged.name(), document, profiles(merged), !literal, problems.warnings());
    }

    private Mapping chosen(Mapping model) {
        return selected.isEmpty() ? model : new Selection(withoutMissingDependencies(model), problems).of(selected);
    }

    private static List<String> profiles(Merged merged) {
        var found = new TreeSet<String>();
        merged.disabled().entries().values().forEach(entry -> addProfiles(entry.value(), found));
        merged.model()
                .mapping("services")
                .ifPresent(services -> services.entries().values().forEach(entry -> addProfiles(entry.value(), found)));
        return List.copyOf(found);
    }

    private static void addProfiles(YamlNode service, Set<String> found) {
        if (service instanceof Mapping mapping) {
            found.addAll(Profiles.of(mapping));
        }
    }

    /** With variables left as written only the files themselves can be merged, all services of all profiles. */
    private Mapping literal(Merged merged) {
        var services = merged.model()
                .mapping("services")
                .orElseGet(() -> Mapping.empty(merged.model().at()));
        var all = new LinkedHashMap<>(services.entries());
        all.putAll(merged.disabled().entries());
        var model = merged.model().with("services", new Mapping(services.at(), all));
        return normal(model, merged)
                .changeEach("services", service -> service.change("ports", ports -> withPortDefaults(ports)));
    }

    private static YamlNode withPortDefaults(YamlNode ports) {
        return ports instanceof Sequence sequence
                ? new Sequence(
                        sequence.at(),
                        sequence.items().stream()
                                .map(port ->
                                        port instanceof Mapping mapping ? ComposeFile.portWithDefaults(mapping) : port)
                                .toList())
                : ports;
    }

    List<VariableUse> variables() {
        var found = new TreeMap<String, VariableUse>();
        var merged = merged();
        collect(merged.model(), found);
        collect(merged.disabled(), found);
        problems.throwIfAny();
        return List.copyOf(found.values());
    }

    private static void collect(YamlNode node, Map<String, VariableUse> found) {
        switch (node) {
            case Scalar scalar ->
                Template.uses(scalar.text()).forEach(use -> found.merge(use.name(), of(use), VariableUse::or));
            case Sequence sequence -> sequence.items().forEach(item -> collect(item, found));
            case Mapping mapping -> mapping.entries().values().forEach(entry -> collect(entry.value(), found));
        }
    }

    private static VariableUse of(Template.Use use) {
        return new VariableUse(use.name(), use.required(), use.fallback(), use.alternative());
    }

    private List<Mapping> documents() {
        var documents = new ArrayList<Mapping>();
        for (var file : files.files()) {
            var name = file.map(Path::toString).orElse("-");
            documents.addAll(reader.documents(file, new Position(name, 1, 1)));
        }
        return documents;
    }

    private Merged merged() {
        var documents = documents();
        problems.throwIfAny();
        var name = new ProjectName(request, files.environment(), problems).decide(documents, files.directory());
        var environment = files.environment().with("COMPOSE_PROJECT_NAME", name);
        var located = new ProjectFiles(files.directory(), files.files(), environment);
        var model = Merging.settle(new ModelAssembler(reader, envFiles, files.directory()).assemble(located));
        model.get("version")
                .ifPresent(version -> problems.warning(
                        version.at(),
                        "version",
                        "the attribute is obsolete and ignored; remove it to avoid confusion"));
        problems.throwIfAny();
        return split(name, environment, model);
    }

    private Merged split(String name, ProjectEnvironment environment, Mapping model) {
        var profiles = Profiles.of(request.profiles(), environment);
        var services = model.mapping("services").orElseGet(() -> Mapping.empty(model.at()));
        var enabled = new LinkedHashMap<String, Mapping.Entry>();
        var disabled = new LinkedHashMap<String, Mapping.Entry>();
        services.entries().forEach((key, entry) -> {
            boolean on = !(entry.value() instanceof Mapping service) || profiles.enables(service);
            (on ? enabled : disabled).put(key, entry);
        });
        var kept = model.with("services", new Mapping(services.at(), enabled));
        return new Merged(name, environment, kept, new Mapping(services.at(), disabled));
    }

    private Mapping finished(Merged merged) {
        return withServiceFiles(withSelected(consistent(merged), merged), merged.environment());
    }

    /**
     * A service named on the command line is enabled whatever its profiles, and so are the others of these profiles, once the rest is
     * known to be consistent.
     */
    private Mapping withSelected(Mapping model, Merged merged) {
        var profiles = new Profiles(new TreeSet<>());
        selected.forEach(name -> merged.disabled()
                .mapping(name)
                .ifPresent(service -> profiles.enabled().addAll(Profiles.of(service))));
        var named = new LinkedHashMap<>(merged.disabled().entries());
        named.values().removeIf(entry -> !(entry.value() instanceof Mapping service) || !profiles.enables(service));
        if (named.isEmpty()) {
            return model;
        }
        var normal = normal(
                merged.model().with("services", new Mapping(merged.disabled().at(), named)), merged);
        return with(with(model, "services", normal), "networks", normal);
    }

    /** The model with what another one has besides under a key, such as a default network nobody needed before. */
    private static Mapping with(Mapping model, String key, Mapping other) {
        var entries = new LinkedHashMap<String, Mapping.Entry>();
        model.mapping(key).ifPresent(own -> entries.putAll(own.entries()));
        other.mapping(key).ifPresent(more -> more.entries().forEach(entries::putIfAbsent));
        return entries.isEmpty() ? model : model.with(key, new Mapping(model.at(), entries));
    }

    private Mapping normal(Mapping model, Merged merged) {
        return request.options().normalize()
                ? new Normalizer(merged.name(), merged.environment()).normalize(model)
                : model;
    }

    private Mapping consistent(Merged merged) {
        var normal = normal(merged.model(), merged);
        if (request.options().checkConsistency()) {
            new Consistency(normal, merged.disabled().entries().keySet(), problems).check();
            return normal.changeEach("services", Loading::withReplicas);
        }
        return normal;
    }

    private static Mapping withReplicas(Mapping service) {
        var scale = service.get("scale");
        var deploy = service.mapping("deploy");
        return scale.isEmpty() || deploy.isEmpty()
                ? service
                : service.with("deploy", deploy.get().with("replicas", scale.get()));
    }

    /** A dependency that is not required may be on a service that is not enabled. */
    private static Mapping withoutMissingDependencies(Mapping model) {
        var services = model.mapping("services").orElseGet(() -> Mapping.empty(model.at()));
        return model.changeEach("services", service -> {
            var dependencies = service.mapping("depends_on");
            if (dependencies.isEmpty()) {
                return service;
            }
            var kept = dependencies.get();
            for (var entry : dependencies.get().entries().entrySet()) {
                boolean required = !(entry.getValue().value() instanceof Mapping one) || one.flag("required");
                kept = required || services.has(entry.getKey()) ? kept : kept.without(entry.getKey());
            }
            return service.with("depends_on", kept);
        });
    }

    private Mapping withServiceFiles(Mapping model, ProjectEnvironment environment) {
        var options = request.options();
        var base = options.resolvePaths() ? this.files.directory() : request.workingDirectory();
        var files = new ServiceFiles(envFiles, environment, base, problems);
        return model.change("services", all -> {
            if (!(all instanceof Mapping services)) {
                return all;
            }
            var entries = new LinkedHashMap<String, Mapping.Entry>();
            services.entries()
                    .forEach((name, entry) -> entries.put(
                            name,
                            entry.value() instanceof Mapping service ? entry.with(files.read(name, service)) : entry));
            return new Mapping(services.at(), entries);
        });
    }

    private static SequencedMap<String, Service> services(
            Mapping model, Map<String, SequencedMap<String, Position>> attributes) {
        return ProjectDecoder.all(
                model,
                "services",
                (name, service) -> ProjectDecoder.service(
                        name,
                        service,
                        attributes.getOrDefault(name, new LinkedHashMap<>()),
                        ConfigHash.ofService(service)));
    }
}
