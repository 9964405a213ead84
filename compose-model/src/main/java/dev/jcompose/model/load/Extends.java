package dev.jcompose.model.load;

import dev.jcompose.model.problem.Position;
import dev.jcompose.model.spec.ComposeFile;
import dev.jcompose.model.spec.Nearest;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Mapping.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Replaces {@code extends} by what it stands for: the other service with this one merged over it. */
final class Extends {
    private static final int LONGEST = 200;
    private final ModelReader reader;
    private final ProjectEnvironment environment;
    private final Path projectDirectory;
    private final Path directory;

    /** {@code directory}: what the paths of the file being loaded are relative to. */
    Extends(ModelReader reader, ProjectEnvironment environment, Path projectDirectory, Path directory) {
        this.reader = reader;
        this.environment = environment;
        this.projectDirectory = projectDirectory;
        this.directory = directory;
    }

    /** A file's services, where they are, and what their paths are relative to. */
    private record Source(Mapping model, Optional<Path> file, Path directory) {}

    /** One link of a chain, to find cycles. */
    private record Link(Optional<Path> file, String service) {}

    Mapping apply(Mapping model, Optional<Path> file) {
        var services = model.mapping("services");
        if (services.isEmpty() || !anyExtends(services.get())) {
            return model;
        }
        var source = new Source(model, file, directory);
        var entries = new LinkedHashMap<String, Entry>();
        services.get().entries().forEach((name, entry) -> {
            if (entry.value() instanceof Mapping service) {
                entries.put(name, entry.with(extended(name, service, source, new ArrayList<>())));
            } else {
                entries.put(name, entry);
            }
        });
        return model.with("services", new Mapping(services.get().at(), entries));
    }

    private static boolean anyExtends(Mapping services) {
        return services.entries().values().stream()
                .anyMatch(entry -> entry.value() instanceof Mapping service && service.has("extends"));
    }

    private Mapping extended(String name, Mapping service, Source source, List<Link> chain) {
        var reference = service.mapping("extends");
        if (reference.isEmpty()) {
            return service;
        }
        var link = new Link(source.file(), name);
        if (chain.contains(link)) {
            throw cycle(reference.get().at(), name, chain, link);
        }
        if (chain.size() >= LONGEST) {
            throw reader.problems()
                    .fatal(
                            reference.get().at(),
                            "services." + name + ".extends",
                            "a chain of more than " + LONGEST + " services");
        }
        chain.add(link);
        var base = base(name, reference.get(), source, chain);
        var own = service.without("extends");
        return base.map(found -> (Mapping) ComposeFile.service().merge(found, own))
                .orElse(own);
    }

    private RuntimeException cycle(Position at, String name, List<Link> chain, Link last) {
        var names = new ArrayList<String>();
        chain.forEach(link -> names.add(describe(link)));
        names.add(describe(last));
        return reader.problems()
                .fatal(at, "services." + name + ".extends", "circular reference: " + String.join(" -> ", names));
    }

    private String describe(Link link) {
        return link.service()
                + link.file()
                        .map(file -> " in " + reader.files().displayName(file))
                        .orElse("");
    }

    private Optional<Mapping> base(String name, Mapping reference, Source source, List<Link> chain) {
        var target = reference.text("service");
        if (target.isEmpty()) {
            reader.problems().error(reference.at(), "services." + name + ".extends", "\"service\" is required");
            return Optional.empty();
        }
        var other = reference
                .text("file")
                .map(file -> other(name, file, reference, source))
                .orElse(source);
        var services = other.model().mapping("services").orElseGet(() -> Mapping.empty(reference.at()));
        var found = services.get(target.get())
                .map(node -> node instanceof Mapping mapping ? mapping : Mapping.empty(node.at()));
        if (found.isEmpty()) {
            var where = other.file().map(reader.files()::displayName).orElse("-");
            reader.problems()
                    .error(
                            reference.at(),
                            "services." + name + ".extends",
                            "cannot extend service \"" + target.get() + "\": not found in " + where
                                    + Nearest.hint(
                                            target.get(), services.entries().keySet()));
            return Optional.empty();
        }
        var extended = extended(target.get(), found.get(), other, chain);
        return Optional.of(other.directory().equals(source.directory()) ? extended : rebased(extended, other, source));
    }

    private Source other(String name, String written, Mapping reference, Source source) {
        if (written.contains("://")) {
            throw reader.problems()
                    .fatal(
                            reference.at(),
                            "services." + name + ".extends.file",
                            "cannot extend from \"" + written + "\": remote files are not supported");
        }
        var file = source.directory().resolve(written).normalize();
        var at = reference.get("file").map(node -> node.at()).orElse(reference.at());
        if (Files.notExists(file)) {
            throw reader.problems()
                    .fatal(at, "services." + name + ".extends.file", "\"" + written + "\" does not exist");
        }
        var model = reader.canonical(reader.documents(Optional.of(file), at), environment);
        var parent = file.getParent();
        return new Source(model, Optional.of(file), parent == null ? source.directory() : parent);
    }

    /** Paths of the other file as this one would write them. */
    private Mapping rebased(Mapping service, Source other, Source source) {
        var paths = reader.options().resolvePaths()
                ? PathBases.resolver(reader.options(), projectDirectory, other.directory(), environment)
                : new PathResolver(
                        source.directory().relativize(other.directory()),
                        environment.value("HOME").map(Path::of));
        return (Mapping) ComposeFile.service().resolve(service, paths);
    }
}
