package dev.jcompose.runtime.execute;

import dev.jcompose.planner.Action;

/** Makes one action true. */
@FunctionalInterface
public interface ActionRunner {
    void run(Action action, StepReport report) throws InterruptedException;
}
