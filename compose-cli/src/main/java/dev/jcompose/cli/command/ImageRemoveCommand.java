package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Report;
import dev.jcompose.runtime.Backend;
import java.util.function.Supplier;

/** {@code image rm}: removes images. */
public final class ImageRemoveCommand implements Command {
    private final Options options = new Options("Remove images");
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
        try (var backend = backends.get()) {
            for (var reference : words.all()) {
                backend.images().remove(reference);
                report.print("Removed image: " + reference);
            }
        }
        return 0;
    }
}
