package dev.jcompose.cli.option;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.Json;
import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.model.load.LoadOptions;
import dev.jcompose.model.load.LoadRequest;
import dev.jcompose.model.load.ProjectLoader;
import dev.jcompose.model.problem.InvalidProjectException;
import java.io.ByteArrayInputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The project the command line points at: its files, or its name alone when there are none. */
public final class ProjectSelection {
    private static final String FRAGMENT = "run";

    private final GlobalOptions global;
    private final Console console;
    private final ProjectLoader loader;

    public ProjectSelection(GlobalOptions global, Console console, ProjectLoader loader) {
        this.global = global;
        this.console = console;
        this.loader = loader;
    }

    /** Reads the project's files. */
    public Project load() {
        return load(List.of());
    }

    /** The same, with the services the user named enabled whatever their profiles. */
    public Project load(List<String> services) {
        var request = new LoadRequest(
                console.workingDirectory(),
                console.environment(),
                console.in(),
                global.files(),
                global.projectName(),
                global.projectDirectory(),
                global.profiles(),
                global.envFiles(),
                LoadOptions.ALL);
        return loader.load(request, services);
    }

    /** The project, or its name alone when there is no file but the name was given: enough for what looks at containers. */
    public Selected select() {
        var name = givenName();
        if (name.isPresent() && global.files().isEmpty()) {
            try {
                return Selected.of(load());
            } catch (InvalidProjectException e) {
                if (!isWithoutFile(e)) {
                    throw e;
                }
                return new Selected(name.get(), Optional.empty());
            }
        }
        return Selected.of(load());
    }

    /**
     * A service as if a file of the project declared it with these attributes: paths, short forms and types are those of files, and
     * volumes are the project's.
     */
    public Service read(Project project, Map<String, Object> attributes) {
        var volumes = new LinkedHashMap<String, Object>();
        project.volumes().keySet().forEach(key -> volumes.put(key, Map.of()));
        var declared = new LinkedHashMap<>(attributes);
        declared.put("image", "any");
        var document = new LinkedHashMap<String, Object>();
        document.put("services", Map.of(FRAGMENT, declared));
        document.put("volumes", volumes);
        var text = Json.of(document).replace("$", "$$");
        var request = new LoadRequest(
                console.workingDirectory(),
                console.environment(),
                new ByteArrayInputStream(text.getBytes(UTF_8)),
                List.of("-"),
                Optional.of(project.name()),
                Optional.of(project.directory().toString()),
                List.of(),
                global.envFiles(),
                LoadOptions.ALL);
        return Optional.ofNullable(loader.load(request).services().get(FRAGMENT))
                .orElseThrow(() -> new IllegalStateException("the service just declared is not there"));
    }

    private static boolean isWithoutFile(InvalidProjectException failure) {
        return failure.problems().stream()
                .anyMatch(problem -> problem.message().startsWith("no configuration file provided"));
    }

    private Optional<String> givenName() {
        return global.projectName()
                .or(() -> Optional.of(console.variable("COMPOSE_PROJECT_NAME")).filter(name -> !name.isEmpty()));
    }

    /** A project known by its files, or only by its name. */
    public record Selected(String name, Optional<Project> project) {
        static Selected of(Project project) {
            return new Selected(project.name(), Optional.of(project));
        }
    }
}
