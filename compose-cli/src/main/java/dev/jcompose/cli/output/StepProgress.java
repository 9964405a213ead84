package dev.jcompose.cli.output;

import dev.jcompose.cli.output.Progress.State;
import dev.jcompose.cli.output.Progress.Update;
import dev.jcompose.runtime.execute.StepEvent;
import dev.jcompose.runtime.execute.StepEvent.Failed;
import dev.jcompose.runtime.execute.StepEvent.Finished;
import dev.jcompose.runtime.execute.StepEvent.Moved;
import dev.jcompose.runtime.execute.StepEvent.Started;
import dev.jcompose.runtime.execute.StepEvent.Warned;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Turns what the executor tells into progress. */
final class StepProgress implements Consumer<StepEvent> {
    private final Progress progress;
    private final Set<Integer> warned = new HashSet<>();

    StepProgress(Progress progress) {
        this.progress = progress;
    }

    @Override
    public void accept(StepEvent event) {
        var text = StepText.of(event.step().action());
        switch (event) {
            case Started ignored -> show(text, text.working(), State.WORKING);
            case StepEvent.Progress detail -> progress.detail(text.subject(), detail.text());
            case Moved moved -> progress.layer(text.subject(), moved.layer());
            case Warned warning -> {
                warned.add(event.step().id());
                show(text, "Warning", State.WARNING);
                progress.message(text.subject() + ": " + warning.text());
            }
            case Finished ignored -> {
                if (!warned.contains(event.step().id())) {
                    show(text, text.done(), State.DONE);
                }
            }
            case Failed ignored -> show(text, "Error", State.FAILED);
        }
    }

    private void show(StepText text, String words, State state) {
        progress.update(new Update(text.subject(), words, state));
    }
}
