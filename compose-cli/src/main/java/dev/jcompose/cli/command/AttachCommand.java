package dev.jcompose.cli.command;

import dev.jcompose.cli.option.DetachKeys;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Count;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.ProjectSelection;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.AttachRequest;
import dev.jcompose.runtime.Attachment;
import dev.jcompose.runtime.Backend;
import java.util.List;
import java.util.function.Supplier;

/** {@code attach}: our standard streams become those of a running container. */
public final class AttachCommand implements Command {
    private final Options options = new Options("Attach standard streams to a running container");
    private final Value detachKeys =
            options.value("KEYS", "What to type to detach (default ctrl-p,ctrl-q)", "--detach-keys");
    private final Count index = options.number("N", "Which container of the service, from 1", "--index");
    private final Flag noStdin = options.flag("Do not pass standard input on", "--no-stdin");
    private final Flag passSignals = options.flagOnByDefault("Pass signals on", "--sig-proxy");
    private final Values words = options.arguments("SERVICE");

    private final ProjectSelection projects;
    private final Supplier<Backend> backends;
    private final Console console;

    public AttachCommand(ProjectSelection projects, Supplier<Backend> backends, Console console) {
        this.projects = projects;
        this.backends = backends;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (words.all().size() != 1) {
            throw new UsageException("attach wants a service: jcompose attach SERVICE");
        }
        var selected = projects.select();
        try (var backend = backends.get()) {
            var container = RunningContainer.of(backend, selected, words.all().getFirst(), index.get());
            var keys = DetachKeys.parse(detachKeys.or("ctrl-p,ctrl-q"));
            boolean tty = backend.containers().hasTerminal(container.id())
                    && console.terminals().in();
            var request = new AttachRequest(tty, !noStdin.isSet(), tty ? keys : List.of());
            console.flush();
            try (var attachment = backend.containers().attach(container.id(), request)) {
                return await(backend, container, attachment);
            }
        }
    }

    private int await(Backend backend, ObservedContainer container, Attachment attachment) throws InterruptedException {
        try {
            return attachment.await();
        } catch (InterruptedException e) {
            if (!passSignals.isSet()) {
                throw e;
            }
            backend.containers().kill(container.id(), "SIGINT");
            return attachment.await();
        }
    }
}
