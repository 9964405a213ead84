package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Count;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Progress.State;
import dev.jcompose.cli.output.Progress.Update;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.CommitRequest;
import java.util.Optional;

/** {@code commit}: makes an image of a container. */
public final class CommitCommand implements Command {
    private final Options options = new Options("Make an image of a container");
    private final Value author = options.value("AUTHOR", "Who made it", "-a", "--author");
    private final Values changes = options.values("INSTRUCTION", "Change a setting of the image", "-c", "--change");
    private final Count index = options.number("N", "Which container of the service, from 1", "--index");
    private final Value message = options.value("TEXT", "What it is", "-m", "--message");
    private final Flag pause = options.flagOnByDefault("Pause the container meanwhile", "-p", "--pause");
    private final Values words = options.arguments("SERVICE [REPOSITORY[:TAG]]");

    private final ProjectWork work;

    public CommitCommand(ProjectWork work) {
        this.work = work;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (words.all().isEmpty() || words.all().size() > 2) {
            throw new UsageException("commit wants a service: jcompose commit SERVICE [REPOSITORY[:TAG]]");
        }
        var selected = work.projects().select();
        try (var backend = work.backends().get()) {
            var container = RunningContainer.any(backend, selected, words.all().getFirst(), index.get());
            if (work.runner().isDry()) {
                work.report().print("DRY-RUN MODE -  " + subject(container) + "  Committing");
            } else {
                work.locked(backend, selected.name(), () -> commit(backend, container));
            }
        }
        return 0;
    }

    private static String subject(ObservedContainer container) {
        return container.name() + " Commit " + container.name();
    }

    private void commit(Backend backend, ObservedContainer container) throws InterruptedException {
        var name = words.all().size() == 2 ? Optional.of(words.all().getLast()) : Optional.<String>empty();
        var request = new CommitRequest(name, author.or(""), message.or(""), changes.all(), pause.isSet());
        try (var progress = work.report().progress("commit")) {
            progress.update(new Update(subject(container), "Committing", State.WORKING));
            var image = backend.containers().commit(container.id(), request);
            progress.update(new Update(subject(container), "Committed as " + image, State.DONE));
        }
    }
}
