package dev.jcompose.runtime.execute;

import dev.jcompose.planner.Action.AwaitContainer;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.Step;
import dev.jcompose.runtime.LayerProgress;
import dev.jcompose.runtime.execute.StepEvent.Failed;
import dev.jcompose.runtime.execute.StepEvent.Finished;
import dev.jcompose.runtime.execute.StepEvent.Moved;
import dev.jcompose.runtime.execute.StepEvent.Progress;
import dev.jcompose.runtime.execute.StepEvent.Started;
import dev.jcompose.runtime.execute.StepEvent.Warned;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Carries out plans. It decides nothing: order comes from the plan, behaviour from the runner. Events come from many
 * threads, but one at a time.
 */
public final class PlanExecutor {
    private final ActionRunner runner;
    private final Semaphore permits;
    private final Consumer<StepEvent> events;

    /** Runs at most {@code parallel} actions at a time, waiting not counted; -1 is no limit. */
    public PlanExecutor(ActionRunner runner, int parallel, Consumer<StepEvent> events) {
        this.runner = runner;
        this.permits = new Semaphore(parallel > 0 ? parallel : Integer.MAX_VALUE, true);
        this.events = events;
    }

    /**
     * Runs every step as soon as the steps it waits for are done. The first failure interrupts the steps that run, keeps the
     * others from starting, and is thrown as it is; so does an interrupt of the calling thread.
     */
    public void execute(Plan plan) throws InterruptedException {
        try (TaskGroup group = new TaskGroup()) {
            new Run(group, plan).start();
            group.join();
        }
    }

    private final class Run {
        private final TaskGroup group;
        private final List<Step> steps;
        private final Map<Integer, Set<Integer>> missing = new HashMap<>();

        Run(TaskGroup group, Plan plan) {
            this.group = group;
            this.steps = plan.steps();
            steps.forEach(step -> missing.put(step.id(), new HashSet<>(step.after())));
        }

        void start() {
            steps.stream().filter(step -> step.after().isEmpty()).forEach(this::fork);
        }

        private void fork(Step step) {
            group.fork("step-" + step.id(), () -> {
                perform(step);
                steps.stream().filter(later -> waitedOnlyFor(later, step)).forEach(this::fork);
            });
        }

        private boolean waitedOnlyFor(Step later, Step done) {
            synchronized (missing) {
                Set<Integer> left = missing.getOrDefault(later.id(), Set.of());
                return !left.isEmpty() && left.remove(done.id()) && left.isEmpty();
            }
        }
    }

    private void perform(Step step) throws InterruptedException {
        boolean limited = !(step.action() instanceof AwaitContainer);
        if (limited) {
            permits.acquire();
        }
        try {
            tell(new Started(step));
            runner.run(step.action(), new Telling(step));
            tell(new Finished(step));
        } catch (RuntimeException e) {
            tell(new Failed(step, e));
            throw e;
        } finally {
            if (limited) {
                permits.release();
            }
        }
    }

    private synchronized void tell(StepEvent event) {
        events.accept(event);
    }

    private final class Telling implements StepReport {
        private final Step step;

        Telling(Step step) {
            this.step = step;
        }

        @Override
        public void progress(String text) {
            tell(new Progress(step, text));
        }

        @Override
        public void layer(LayerProgress layer) {
            tell(new Moved(step, layer));
        }

        @Override
        public void warned(String text) {
            tell(new Warned(step, text));
        }
    }
}
