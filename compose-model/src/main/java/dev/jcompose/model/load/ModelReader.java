package dev.jcompose.model.load;

import dev.jcompose.model.interpolate.Interpolator;
import dev.jcompose.model.problem.Position;
import dev.jcompose.model.problem.Problems;
import dev.jcompose.model.spec.ComposeFile;
import dev.jcompose.model.spec.Place;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.YamlNode;
import dev.jcompose.model.yaml.YamlReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads single files into canonical mappings: parsed, interpolated, every value in its long form. */
final class ModelReader {
    private final SourceFiles files;
    private final Problems problems;
    private final LoadOptions options;
    private final Map<Path, List<Mapping>> parsed = new HashMap<>();
    private final Set<String> warned = new HashSet<>();
    private Optional<List<Mapping>> stdin = Optional.empty();

    ModelReader(SourceFiles files, Problems problems, LoadOptions options) {
        this.files = files;
        this.problems = problems;
        this.options = options;
    }

    Problems problems() {
        return problems;
    }

    LoadOptions options() {
        return options;
    }

    SourceFiles files() {
        return files;
    }

    /** The documents of a file as written; empty ones left out. */
    List<Mapping> documents(Optional<Path> file, Position from) {
        if (file.isEmpty()) {
            if (stdin.isEmpty()) {
                stdin = Optional.of(mappings("-", files.readStdin()));
            }
            return stdin.get();
        }
        var known = parsed.get(file.get());
        if (known != null) {
            return known;
        }
        var read = mappings(files.displayName(file.get()), files.read(file.get(), from));
        parsed.put(file.get(), read);
        return read;
    }

    private List<Mapping> mappings(String name, byte[] bytes) {
        var found = new ArrayList<Mapping>();
        var documents = new YamlReader(problems).read(name, bytes);
        for (var document : documents) {
            if (document instanceof Mapping mapping) {
                found.add(mapping);
            } else if (!document.isNull() || documents.size() > 1) {
                problems.error(document.at(), "", "a Compose file must be a mapping, not " + document.describe());
            }
        }
        boolean damaged = documents.size() > found.size() && problems.hasErrors();
        if (!damaged
                && found.stream()
                        .allMatch(
                                mapping -> mapping.without("version").entries().isEmpty())) {
            problems.error(Position.of(name), "", "empty compose file");
        }
        return found;
    }

    /** A document with its variables filled in and in canonical form. */
    Mapping canonical(Mapping document, ProjectEnvironment environment) {
        YamlNode filled = options.interpolate()
                ? new Interpolator(environment, problems, warned).interpolate(document, "")
                : document;
        return (Mapping) ComposeFile.root().canonical(filled, new Place(problems, !options.interpolate(), ""));
    }

    /** Documents of one file merged in order. */
    Mapping canonical(List<Mapping> documents, ProjectEnvironment environment) {
        return documents.stream()
                .map(document -> canonical(document, environment))
                .reduce((base, over) -> (Mapping) ComposeFile.root().merge(base, over))
                .orElseGet(() -> Mapping.empty(new Position("", 1, 1)));
    }
}
