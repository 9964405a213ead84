package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.Images.HostPrograms;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;

/** {@code image from-host}: makes an image of programs of this machine. */
public final class ImageFromHostCommand implements Command {
    private static final String USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Options options = new Options("Make an image of programs of this machine, with all they need");
    private final Flag certificates =
            options.flag("Take the machine's certificate authorities along", "--ca-certificates");
    private final Values files = options.values("PATH", "Take a file or directory along", "--file");
    private final Flag timeZones = options.flag("Take the machine's time zones along", "--time-zones");
    private final Values words = options.arguments("NAME PROGRAM...");

    private final Supplier<Backend> backends;
    private final Console console;

    public ImageFromHostCommand(Supplier<Backend> backends, Console console) {
        this.backends = backends;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        if (words.all().size() < 2) {
            throw new UsageException(
                    "image from-host wants a name and programs: jcompose image from-host NAME PROGRAM...");
        }
        var reference = words.all().getFirst();
        var path = console.variable("PATH").isEmpty() ? USUAL_PATH : console.variable("PATH");
        var programs = new HostPrograms(
                reference,
                words.all().subList(1, words.all().size()),
                files.all().stream().map(console.workingDirectory()::resolve).toList(),
                certificates.isSet(),
                timeZones.isSet(),
                Arrays.stream(path.split(":"))
                        .filter(directory -> directory.startsWith("/"))
                        .map(Path::of)
                        .toList());
        try (var backend = backends.get()) {
            backend.images().importPrograms(programs);
        }
        console.out().println("Made image: " + reference);
        return 0;
    }
}
