package dev.jcompose.cli.command;

import static java.util.stream.Collectors.joining;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.JsonLayout;
import dev.jcompose.cli.output.Report;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.NotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** {@code image inspect}: everything known of images, as JSON. */
public final class ImageInspectCommand implements Command {
    private final Options options = new Options("Show everything known of images, as JSON");
    private final Values words = options.arguments("IMAGE...");

    private final Supplier<Backend> backends;
    private final Report report;

    public ImageInspectCommand(Supplier<Backend> backends, Report report) {
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
            throw new UsageException("image inspect wants images: jcompose image inspect IMAGE...");
        }
        var found = new ArrayList<String>();
        List<NotFoundException> missing = new ArrayList<>();
        try (var backend = backends.get()) {
            for (var reference : words.all()) {
                try {
                    found.add(backend.images().inspect(reference));
                } catch (NotFoundException e) {
                    missing.add(e);
                }
            }
        }
        report.print(JsonLayout.indented(found.stream().collect(joining(",", "[", "]"))));
        if (!missing.isEmpty()) {
            throw missing.getFirst();
        }
        return 0;
    }
}
