package dev.jcompose.runtime.execute;

import dev.jcompose.planner.Action;
import dev.jcompose.runtime.BackendException;
import java.util.function.Predicate;

/** Turns the failure of some actions into warnings, so that the others go on. */
public final class TolerantRunner implements ActionRunner {
    private final ActionRunner runner;
    private final Predicate<Action> tolerated;

    public TolerantRunner(ActionRunner runner, Predicate<Action> tolerated) {
        this.runner = runner;
        this.tolerated = tolerated;
    }

    @Override
    public void run(Action action, StepReport report) throws InterruptedException {
        try {
            runner.run(action, report);
        } catch (BackendException e) {
            if (!tolerated.test(action)) {
                throw e;
            }
            report.warned(String.valueOf(e.getMessage()));
        }
    }
}
