package dev.jcompose.model.load;

import dev.jcompose.model.problem.Position;
import dev.jcompose.model.spec.ComposeFile;
import dev.jcompose.model.spec.Merging;
import dev.jcompose.model.spec.Place;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes one model of several files: what they include, what their services extend, and each other. */
final class ModelAssembler {
    private static final int DEEPEST = 100;

    private final ModelReader reader;
    private final EnvFiles envFiles;
    private final Path projectDirectory;

    ModelAssembler(ModelReader reader, EnvFiles envFiles, Path projectDirectory) {
        this.reader = reader;
        this.envFiles = envFiles;
        this.projectDirectory = projectDirectory;
    }

    /** A model whose paths are resolved; the files' own {@code !reset} marks are kept. */
    Mapping assemble(ProjectFiles files) {
        return assemble(files, List.of());
    }

    private Mapping assemble(ProjectFiles files, List<Path> including) {
        Optional<Mapping> model = Optional.empty();
        for (var file : files.files()) {
            var from = new Position(file.map(reader.files()::displayName).orElse("-"), 1, 1);
            for (var document : reader.documents(file, from)) {
                var next = document(document, file, files, including);
                var merged = model.map(base -> merge(base, next)).orElse(next);
                check(merged);
                model = Optional.of(merged);
            }
        }
        return withContexts(model.orElseGet(() -> Mapping.empty(new Position("", 1, 1))), files);
    }

    /** A build without context takes the directory of the files. */
    private Mapping withContexts(Mapping model, ProjectFiles files) {
        return model.changeEach(
                "services",
                service -> service.change("build", build -> {
                    return build instanceof Mapping mapping && !mapping.has("context")
                            ? mapping.with(
                                    "context",
                                    YamlNode.text(build.at(), paths(files).context(".")))
                            : build;
                }));
    }

    /** What is there after each file must be valid, not only what is there in the end. */
    private void check(Mapping model) {
        var place = new Place(reader.problems(), !reader.options().interpolate(), "");
        ComposeFile.root().check(Merging.settle(model), place);
    }

    private static Mapping merge(Mapping base, Mapping over) {
        return (Mapping) ComposeFile.root().merge(base, over);
    }

    private Mapping document(Mapping document, Optional<Path> file, ProjectFiles project, List<Path> including) {
        var canonical = reader.canonical(document, project.environment());
        var extended = new Extends(reader, project.environment(), projectDirectory, project.directory())
                .apply(canonical, file);
        var resolved = (Mapping) ComposeFile.root().resolve(extended, paths(project));
        var includes = extended.sequence("include");
        if (includes.isEmpty()) {
            return resolved;
        }
        var stack = new ArrayList<>(including);
        file.ifPresent(stack::add);
        return merge(included(includes.get(), project, stack), resolved.without("include"));
    }

    private PathResolver paths(ProjectFiles project) {
        return PathBases.resolver(reader.options(), projectDirectory, project.directory(), project.environment());
    }

    private Mapping included(Sequence includes, ProjectFiles project, List<Path> including) {
        Optional<Mapping> model = Optional.empty();
        for (var include : includes.items()) {
            if (include instanceof Mapping mapping && mapping.has("path")) {
                var next = include(mapping, project, including);
                model = Optional.of(model.map(base -> merge(base, next)).orElse(next));
            } else {
                reader.problems().error(include.at(), "include", "\"path\" is required");
            }
        }
        return model.orElseGet(() -> Mapping.empty(includes.at()));
    }

    private Mapping include(Mapping include, ProjectFiles project, List<Path> including) {
        var files = new ArrayList<Optional<Path>>();
        for (var item : include.sequence("path").map(Sequence::items).orElse(List.of())) {
            files.add(Optional.of(includedFile((Scalar) item, project, including)));
        }
        if (files.isEmpty()) {
            throw reader.problems().fatal(include.at(), "include", "\"path\" is required");
        }
        var first = files.getFirst().orElseThrow();
        var directory = include.text("project_directory")
                .map(written -> project.directory().resolve(written).normalize())
                .orElseGet(() -> parent(first));
        var environment = environment(include, project, directory);
        files.forEach(file -> checkReadable(include, file));
        var model = assemble(new ProjectFiles(directory, files, environment), including)
                .changeEach("services", service -> Normalizer.withVariables(service, environment));
        return model.without("name").without("version");
    }

    private static Path parent(Path file) {
        var parent = file.getParent();
        return parent == null ? file : parent;
    }

    private Path includedFile(Scalar item, ProjectFiles project, List<Path> including) {
        if (item.text().contains("://") || item.text().startsWith("git@")) {
            throw reader.problems()
                    .fatal(
                            item.at(),
                            "include",
                            "cannot include \"" + item.text() + "\": remote files are not supported");
        }
        var file = project.directory().resolve(item.text()).normalize();
        if (including.contains(file) || including.size() > DEEPEST) {
            var chain = new ArrayList<String>();
            including.forEach(one -> chain.add(reader.files().displayName(one)));
            chain.add(reader.files().displayName(file));
            throw reader.problems()
                    .fatal(item.at(), "include", "include cycle detected: " + String.join(" -> ", chain));
        }
        return file;
    }

    private void checkReadable(YamlNode include, Optional<Path> file) {
        if (file.isPresent() && (!Files.exists(file.get()) || Files.isDirectory(file.get()))) {
            var why = Files.exists(file.get()) ? "is a directory" : "does not exist";
            throw reader.problems()
                    .fatal(include.at(), "include", "\"" + reader.files().displayName(file.get()) + "\" " + why);
        }
    }

    /** The including project's variables, with the included one's own as defaults. */
    private ProjectEnvironment environment(Mapping include, ProjectFiles project, Path directory) {
        var outer = project.environment();
        var named = include.sequence("env_file").map(Sequence::items).orElse(List.of());
        if (named.isEmpty()) {
            return outer.withDefaults(envFiles.readDotEnv(directory, outer));
        }
        Map<String, String> merged = Map.of();
        for (var item : named) {
            var path = ((Scalar) item).text();
            if (!path.equals("/dev/null")) {
                merged = envFile(merged, item, project.directory().resolve(path).normalize(), outer);
            }
        }
        return outer.withDefaults(merged);
    }

    private Map<String, String> envFile(
            Map<String, String> earlier, YamlNode item, Path file, ProjectEnvironment outer) {
        if (Files.isDirectory(file)) {
            throw reader.problems()
                    .fatal(item.at(), "include.env_file", reader.files().displayName(file) + " is not a file");
        }
        return envFiles.readOver(earlier, file, item.at(), outer);
    }
}
