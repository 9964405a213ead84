package dev.jcompose.model.load;

import dev.jcompose.model.interpolate.Template;
import dev.jcompose.model.interpolate.TemplateException;
import dev.jcompose.model.problem.Position;
import dev.jcompose.model.problem.Problems;
import dev.jcompose.model.spec.Names;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Decides what a project is called: command line, then environment, then the last {@code name}, then the directory. */
final class ProjectName {
    private final LoadRequest request;
    private final ProjectEnvironment environment;
    private final Problems problems;

    ProjectName(LoadRequest request, ProjectEnvironment environment, Problems problems) {
        this.request = request;
        this.environment = environment;
        this.problems = problems;
    }

    String decide(List<Mapping> documents, Path directory) {
        var explicit = request.projectName()
                .filter(name -> !name.isEmpty())
                .or(() -> environment.setting("COMPOSE_PROJECT_NAME"));
        if (explicit.isPresent()) {
            return checked(explicit.get(), new Position("-p", 1, 1));
        }
        return documents.reversed().stream()
                .flatMap(document -> declared(document).stream())
                .findFirst()
                .orElseGet(() -> fromDirectory(directory));
    }

    private Optional<String> declared(Mapping document) {
        if (!(document.get("name").orElse(document) instanceof Scalar name) || name.kind() != Scalar.Kind.TEXT) {
            return Optional.empty();
        }
        try {
            return Optional.of(Names.normalizedProjectName(Template.substitute(name.text(), environment)))
                    .filter(text -> !text.isEmpty());
        } catch (TemplateException e) {
            throw problems.fatal(name.at(), "name", e.reason());
        }
    }

    private String checked(String name, Position at) {
        if (!name.isEmpty() && !Names.isProjectName(name)) {
            problems.error(
                    at,
                    "name",
                    "invalid project name \"" + name
                            + "\": must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as start with a letter or number");
        }
        return name;
    }

    private String fromDirectory(Path directory) {
        var last = directory.getFileName();
        var name = last == null ? "" : Names.normalizedProjectName(last.toString());
        if (name.isEmpty()) {
            throw problems.fatal(
                    new Position(directory.toString(), 1, 1),
                    "name",
                    "project name must not be empty (the directory has no letter or digit; give one with -p)");
        }
        return name;
    }
}
