package dev.jcompose.runtime.execute;

import dev.jcompose.planner.Step;
import dev.jcompose.runtime.LayerProgress;

/** What the executor tells whoever shows progress. A step that is interrupted does not finish and does not fail. */
public sealed interface StepEvent {
    Step step();

    record Started(Step step) implements StepEvent {}

    record Progress(Step step, String text) implements StepEvent {}

    record Moved(Step step, LayerProgress layer) implements StepEvent {}

    record Warned(Step step, String text) implements StepEvent {}

    record Finished(Step step) implements StepEvent {}

    record Failed(Step step, RuntimeException cause) implements StepEvent {}
}
