package dev.jcompose.cli.command;

import dev.jcompose.cli.output.Progress;
import dev.jcompose.cli.output.Report;
import dev.jcompose.model.Project;
import dev.jcompose.planner.Action;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.state.ObservedProject;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.execute.BackendActionRunner;
import dev.jcompose.runtime.execute.BuildOptions;
import dev.jcompose.runtime.execute.PlanExecutor;
import dev.jcompose.runtime.execute.StepEvent;
import dev.jcompose.runtime.execute.TolerantRunner;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Carries plans out while showing their progress, and tells each warning once; shows plans instead when the run is dry. */
public final class PlanRunner {
    /** The title of work that shows no progress. */
    static final String SILENT = "";

    private final Report report;
    private final BooleanSupplier dryRun;
    private final int parallel;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    public PlanRunner(Report report, BooleanSupplier dryRun, int parallel) {
        this.report = report;
        this.dryRun = dryRun;
        this.parallel = parallel;
    }

    boolean isDry() {
        return dryRun.getAsBoolean();
    }

    /** Runs a plan that builds nothing. */
    void run(String title, Plan plan, Target target) throws InterruptedException {
        run(title, plan, target, BuildOptions.defaults());
    }

    void run(String title, Plan plan, Target target, BuildOptions builds) throws InterruptedException {
        if (isDry()) {
            plan.warnings().forEach(report::warn);
            report.plan(plan);
            return;
        }
        try (var progress = title.equals(SILENT) ? report.quiet() : report.progress(title)) {
            run(plan, target, builds, progress);
        }
    }

    /** Moves images; the failure of some actions becomes a warning. */
    void transfer(String title, Plan plan, Target target, Predicate<Action> tolerated) throws InterruptedException {
        if (isDry()) {
            report.plan(plan);
            return;
        }
        try (var progress = title.equals(SILENT) ? report.quiet() : report.progress(title)) {
            var runner = new BackendActionRunner(
                    target.backend(), target.declared(), target.observed(), BuildOptions.defaults());
            new PlanExecutor(new TolerantRunner(runner, tolerated), parallel, report.steps(progress)).execute(plan);
        }
    }

    /** Runs a plan under progress that is shown already. */
    void run(Plan plan, Target target, BuildOptions builds, Progress progress) throws InterruptedException {
        run(plan, target, builds, report.steps(progress));
    }

    /** Builds and fetches images, some of them without showing it. */
    void runImages(Plan plan, Target target, QuietImages quiet, Progress progress) throws InterruptedException {
        var shown = report.steps(progress);
        var hidden = report.steps(report.quiet());
        run(
                plan,
                target,
                BuildOptions.defaults(),
                event -> (quiet.cover(event.step().action()) ? hidden : shown).accept(event));
    }

    private void run(Plan plan, Target target, BuildOptions builds, Consumer<StepEvent> events)
            throws InterruptedException {
        plan.warnings().stream().filter(warned::add).forEach(report::warn);
        var runner = new BackendActionRunner(target.backend(), target.declared(), target.observed(), builds);
        new PlanExecutor(runner, parallel, events).execute(plan);
    }

    /** What a plan changes: it was made for this state of this project. */
    record Target(Backend backend, Optional<Project> declared, ObservedProject observed) {}
}
