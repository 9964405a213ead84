package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.runtime.Backend;
import java.util.function.Supplier;

/** {@code image import}: makes an image of a root file system tar. */
public final class ImageImportCommand implements Command {
    private final Options options = new Options("Make an image of a root file system tar");
    private final Values words = options.arguments("TAR REFERENCE");

    private final Supplier<Backend> backends;
    private final Console console;

    public ImageImportCommand(Supplier<Backend> backends, Console console) {
        this.backends = backends;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        if (words.all().size() != 2) {
            throw new UsageException("image import wants a tar and a name: jcompose image import TAR REFERENCE");
        }
        var tar = console.workingDirectory().resolve(words.all().getFirst());
        var reference = words.all().getLast();
        try (var backend = backends.get()) {
            backend.images().importRootfs(tar, reference);
        }
        console.out().println("Imported image: " + reference);
        return 0;
    }
}
