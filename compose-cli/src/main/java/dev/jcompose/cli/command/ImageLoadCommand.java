package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.runtime.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Supplier;

/** {@code image load}: takes in a {@code docker save} or OCI archive. */
public final class ImageLoadCommand implements Command {
    private final Options options = new Options("Load images from a docker save or OCI archive; - is standard input");
    private final Value input = options.value("FILE", "Read the archive from a file", "-i", "--input");
    private final Flag quiet = options.flag("Do not print the names", "-q", "--quiet");
    private final Values words = options.arguments("[FILE]");

    private final Supplier<Backend> backends;
    private final Console console;

    public ImageLoadCommand(Supplier<Backend> backends, Console console) {
        this.backends = backends;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        if (words.all().size() + input.get().stream().count() > 1) {
            throw new UsageException("image load wants one archive: jcompose image load FILE");
        }
        var file = input.get().orElse(words.all().isEmpty() ? "-" : words.all().getFirst());
        if (file.equals("-") && console.terminals().in()) {
            throw new UsageException(
                    "image load reads an archive from standard input, which is a terminal: give a FILE");
        }
        try (var backend = backends.get()) {
            var loaded = load(backend, file);
            if (!quiet.isSet()) {
                loaded.forEach(name -> console.out().println(line(name)));
            }
        }
        return 0;
    }

    private static String line(String name) {
        return (name.startsWith("sha256:") ? "Loaded image ID: " : "Loaded image: ") + name;
    }

    private List<String> load(Backend backend, String file) {
        if (!file.equals("-")) {
            return backend.images().load(console.workingDirectory().resolve(file));
        }
        try {
            return loadInput(backend);
        } catch (IOException e) {
            throw new ComposeException("cannot read the archive from standard input: " + e.getMessage(), e);
        }
    }

    /** Archives are read from their end too, so what comes from a pipe is stored first. */
    private List<String> loadInput(Backend backend) throws IOException {
        Path copy = Files.createTempFile("jcompose-image", ".tar");
        try {
            Files.copy(console.in(), copy, StandardCopyOption.REPLACE_EXISTING);
            return backend.images().load(copy);
        } finally {
            Files.deleteIfExists(copy);
        }
    }
}
