package dev.jcompose.cli.option;

import dev.jcompose.cli.output.Console;
import dev.jcompose.model.Project;
import dev.jcompose.model.load.LoadOptions;
import dev.jcompose.model.load.LoadRequest;
import dev.jcompose.model.load.ProjectLoader;
import dev.jcompose.model.problem.InvalidProjectException;
import java.util.List;
import java.util.Optional;

/** The project the command line points at: its files, or its name alone when there are none. */
public final class ProjectSelection {
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
