package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.runtime.Backend;
import java.util.function.Supplier;

/** {@code image tag}: gives an image one more name. */
public final class ImageTagCommand implements Command {
    private final Options options = new Options("Give an image one more name");
    private final Values words = options.arguments("IMAGE NAME");

    private final Supplier<Backend> backends;

    public ImageTagCommand(Supplier<Backend> backends) {
        this.backends = backends;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        if (words.all().size() != 2) {
            throw new UsageException("image tag wants an image and its new name: jcompose image tag IMAGE NAME");
        }
        try (var backend = backends.get()) {
            backend.images().tag(words.all().getFirst(), words.all().getLast());
        }
        return 0;
    }
}
