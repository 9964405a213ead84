package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.Images.ArchiveForm;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Supplier;

/** {@code image save}: writes images to an archive. */
public final class ImageSaveCommand implements Command {
    private static final int BUFFER = 128 << 10;

    private final Options options = new Options("Write images to an archive, or to standard output");
    private final Value format = options.value("FORMAT", "docker-archive (default) or oci-archive", "--format");
    private final Value output = options.value("FILE", "Write to a file", "-o", "--output");
    private final Values words = options.arguments("IMAGE...");

    private final Supplier<Backend> backends;
    private final Console console;

    public ImageSaveCommand(Supplier<Backend> backends, Console console) {
        this.backends = backends;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        if (words.all().isEmpty()) {
            throw new UsageException("image save wants images: jcompose image save -o FILE IMAGE...");
        }
        var form = form();
        if (output.get().isEmpty() && console.terminals().out()) {
            throw new UsageException("an archive is not written to a terminal: use -o FILE, or redirect the output");
        }
        try (var backend = backends.get()) {
            if (output.get().isPresent()) {
                saveFile(
                        backend,
                        form,
                        console.workingDirectory().resolve(output.get().get()));
            } else {
                backend.images().save(words.all(), form, console.out());
                console.out().flush();
            }
        } catch (IOException e) {
            throw new ComposeException("cannot write the archive: " + e.getMessage(), e);
        }
        return 0;
    }

    private ArchiveForm form() {
        var text = format.or("docker-archive");
        return switch (text) {
            case "docker-archive" -> ArchiveForm.DOCKER;
            case "oci-archive" -> ArchiveForm.OCI;
            default ->
                throw new UsageException("--format " + text + " is not known: it is docker-archive or oci-archive");
        };
    }

    /** The file has its name only once it is complete. */
    private void saveFile(Backend backend, ArchiveForm form, Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ComposeException("cannot write the archive: \"" + file + "\" is a directory");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            try (var out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
                backend.images().save(words.all(), form, out);
            }
            return;
        }
        var directory = file.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new ComposeException("cannot write the archive: there is no directory \"" + directory + "\"");
        }
        var unfinished = Files.createTempFile(directory, ".image", ".tar");
        try {
            try (var out = new BufferedOutputStream(Files.newOutputStream(unfinished), BUFFER)) {
                backend.images().save(words.all(), form, out);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
