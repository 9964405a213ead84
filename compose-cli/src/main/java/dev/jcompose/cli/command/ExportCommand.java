package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Count;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Backend;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code export}: a container's file system as a tar. */
public final class ExportCommand implements Command {
    private final Options options = new Options("Write a container's file system as a tar");
    private final Count index = options.number("N", "Which container of the service, from 1", "--index");
    private final Value output =
            options.value("FILE", "Write to this file (default: standard output)", "-o", "--output");
    private final Values words = options.arguments("SERVICE");

    private final ProjectWork work;
    private final Console console;

    public ExportCommand(ProjectWork work, Console console) {
        this.work = work;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (words.all().size() != 1) {
            throw new UsageException("export wants a service: jcompose export SERVICE");
        }
        if (output.get().isEmpty() && console.terminals().out()) {
            throw new ComposeException("output option is required when exporting to terminal: give -o FILE");
        }
        var selected = work.projects().select();
        try (var backend = work.backends().get()) {
            var container = RunningContainer.any(backend, selected, words.all().getFirst(), index.get());
            if (container.isRunning()) {
                export(backend, container);
            } else {
                work.locked(backend, selected.name(), () -> export(backend, container));
            }
        }
        return 0;
    }

    private void export(Backend backend, ObservedContainer container) throws InterruptedException {
        if (output.get().isEmpty()) {
            backend.copies().export(container.id(), console.out());
            console.flush();
            return;
        }
        Path file = console.workingDirectory().resolve(output.or(""));
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            backend.copies().export(container.id(), out);
        } catch (IOException e) {
            throw new ComposeException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
