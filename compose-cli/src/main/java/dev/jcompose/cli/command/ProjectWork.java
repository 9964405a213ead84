package dev.jcompose.cli.command;

import dev.jcompose.cli.option.OutputOptions;
import dev.jcompose.cli.option.ProjectSelection;
import dev.jcompose.cli.output.Report;
import dev.jcompose.model.Project;
import dev.jcompose.planner.Planner;
import dev.jcompose.planner.state.ObservedProject;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.execute.TaskGroup.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What every command that changes a project works with. */
public record ProjectWork(
        ProjectSelection projects,
        Planner planner,
        Supplier<Backend> backends,
        PlanRunner runner,
        Report report,
        Map<String, String> environment) {

    /** Keeps other commands off the project; tells when it has to wait for one. A dry run changes nothing and waits for nobody. */
    Backend.Lock lock(Backend backend, String project) throws InterruptedException {
        return runner.isDry() ? () -> {} : backend.lock(project, report.waiting(project));
    }

    /** Does something while other commands are kept off the project. */
    void locked(Backend backend, String project, Task task) throws InterruptedException {
        var lock = lock(backend, project);
        try {
            task.run();
        } finally {
            lock.close();
        }
    }

    /** Reads the project, with the services named enabled, and lets the backend refuse what it cannot do. */
    Project load(Backend backend, List<String> services) {
        var project = projects.load(services);
        project.warnings().forEach(warning -> report.warn(warning.toString()));
        backend.check(project);
        return project;
    }

    /** What exists of the project, and which of its images are there. */
    static ObservedProject observe(Backend backend, Project project) {
        var images = new ArrayList<String>();
        project.services().values().forEach(service -> images.add(service.imageOr(project.name())));
        project.disabledServices().values().forEach(service -> images.add(service.imageOr(project.name())));
        return backend.observe(project.name(), List.copyOf(images));
    }

    /** Whether a variable of the process or of the project's {@code .env} switches something on. */
    boolean isOn(String variable, Optional<Project> project) {
        return OutputOptions.isOn(project.map(Project::environment)
                .or(() -> Optional.of(environment))
                .map(variables -> variables.getOrDefault(variable, "")));
    }
}
