package dev.jcompose.cli.command;

import dev.jcompose.cli.command.PlanRunner.Target;
import dev.jcompose.cli.output.Progress;
import dev.jcompose.cli.output.Progress.State;
import dev.jcompose.cli.output.Progress.Update;
import dev.jcompose.model.Project;
import dev.jcompose.planner.Action.RemoveContainer;
import dev.jcompose.planner.Action.StartContainer;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.UpOptions;
import dev.jcompose.planner.UpOptions.Recreate;
import dev.jcompose.planner.graph.ServiceGraph;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedProject;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.execute.BuildOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One {@code up} or {@code create}: images first, then containers, then what they write. */
final class UpRun {
    private final ProjectWork work;
    private final Backend backend;
    private final Project project;
    private final UpOptions asked;
    private final QuietImages quiet;

    UpRun(ProjectWork work, Backend backend, Project project, UpOptions asked, QuietImages quiet) {
        this.work = work;
        this.backend = backend;
        this.project = project;
        this.asked = asked;
        this.quiet = quiet;
    }

    /** Shows what would be done. */
    void showPlan(boolean start) {
        var observed = ProjectWork.observe(backend, project);
        var plan = work.planner().up(project, observed, with(start, asked.recreate()));
        plan.warnings().forEach(work.report()::warn);
        work.report().plan(plan);
    }

    /** Creates what is missing or changed, and starts it when asked. */
    void converge(boolean start) throws InterruptedException {
        work.locked(backend, project.name(), () -> {
            try (var progress = work.report().progress(start ? "up" : "create")) {
                converge(with(start, asked.recreate()), progress);
            }
        });
    }

    /** Starts what {@link #converge} left unstarted. */
    void start() throws InterruptedException {
        work.locked(backend, project.name(), () -> {
            var observed = ProjectWork.observe(backend, project);
            try (var progress = work.report().progress("up")) {
                run(startPlan(observed), observed, progress);
            }
        });
    }

    /** The containers of the services asked for and of those they need, as they are now. */
    List<ObservedContainer> containers() {
        var observed = backend.observe(project.name(), List.of());
        var scope = scope();
        return observed.containers().stream()
                .filter(container -> !container.oneOff() && scope.contains(container.service()))
                .toList();
    }

    /** Creates, then starts while showing what the containers write; returns once they have ended. */
    int attached(AttachOptions options, Optional<Duration> timeout) throws InterruptedException {
        var shown = options.services(project, asked.services(), scope());
        var lock = work.lock(backend, project.name());
        try {
            try (var progress = work.report().progress("up")) {
                converge(with(false, asked.recreate()), progress);
            }
            var observed = ProjectWork.observe(backend, project);
            var target = new Target(backend, Optional.of(project), observed);
            var services = new AttachedRun.Services(
                    shown, asked.services().isEmpty() ? scope() : Set.copyOf(asked.services()));
            return new AttachedRun(work, target, options, services, this::containers)
                    .run(startPlan(observed), lock, timeout);
        } finally {
            lock.close();
        }
    }

    private void converge(UpOptions options, Progress progress) throws InterruptedException {
        var before = ProjectWork.observe(backend, project);
        var images = work.planner().images(project, before, options);
        var target = new Target(backend, Optional.of(project), before);
        work.runner().runImages(images, target, quiet, progress);
        var observed = images.steps().isEmpty() ? before : ProjectWork.observe(backend, project);
        var plan = work.planner().up(project, observed, options.imagesReady());
        run(plan, observed, progress);
        unchanged(observed, plan)
                .forEach(name -> progress.update(new Update("Container " + name, "Running", State.DONE)));
    }

    private void run(Plan plan, ObservedProject observed, Progress progress) throws InterruptedException {
        var target = new Target(backend, Optional.of(project), observed);
        work.runner().run(plan, target, BuildOptions.defaults(), progress);
    }

    private Plan startPlan(ObservedProject observed) {
        return work.planner().up(project, observed, with(true, Recreate.NEVER).imagesReady());
    }

    private UpOptions with(boolean start, Recreate recreate) {
        return new UpOptions(
                asked.services(),
                asked.scale(),
                recreate,
                asked.alwaysRecreateDependencies(),
                asked.withDependencies(),
                asked.building(),
                start,
                asked.removeOrphans(),
                asked.renewAnonymousVolumes(),
                asked.ignoreOrphans(),
                asked.oneOff(),
                asked.timeout());
    }

    private Set<String> scope() {
        if (asked.services().isEmpty()) {
            return project.services().keySet();
        }
        return asked.withDependencies()
                ? ServiceGraph.of(project).withDependencies(asked.services())
                : Set.copyOf(asked.services());
    }

    private Set<String> unchanged(ObservedProject observed, Plan plan) {
        var names = new TreeSet<String>();
        var scope = new TreeSet<>(scope());
        if (asked.oneOff()) {
            asked.services().forEach(scope::remove);
        }
        observed.containers().stream()
                .filter(container -> container.isRunning() && !container.oneOff())
                .filter(container -> scope.contains(container.service()))
                .map(ObservedContainer::name)
                .forEach(names::add);
        plan.steps().forEach(step -> {
            if (step.action() instanceof StartContainer start) {
                names.remove(start.name());
            }
            if (step.action() instanceof RemoveContainer remove) {
                names.remove(remove.name());
            }
        });
        return names;
    }
}
