package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Report;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.NotFoundException;
import java.util.ArrayList;
import java.util.function.Supplier;

/** {@code image rm}: removes images. */
public final class ImageRemoveCommand implements Command {
    private final Options options = new Options("Remove images");
    private final Flag force = options.flag("Take all names of an image given by its identifier", "-f", "--force");
    private final Values words = options.arguments("REFERENCE...");

    private final Supplier<Backend> backends;
    private final Report report;

    public ImageRemoveCommand(Supplier<Backend> backends, Report report) {
        this.backends = backends;
        this.report = report;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        if (words.all().isEmpty()) {
            throw new UsageException("image rm wants the images to remove: jcompose image rm REFERENCE...");
        }
        var failures = new ArrayList<BackendException>();
        try (var backend = backends.get()) {
            for (var reference : words.all()) {
                try {
                    ImagePruneCommand.print(backend.images().remove(reference, force.isSet()), report::print);
                } catch (NotFoundException | ConflictException e) {
                    failures.add(e);
                }
            }
        }
        for (var failure : failures.subList(Math.min(1, failures.size()), failures.size())) {
            report.tell("error: " + failure.getMessage());
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        return 0;
    }
}
