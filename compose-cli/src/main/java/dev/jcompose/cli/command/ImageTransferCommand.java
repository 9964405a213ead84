package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Progress;
import dev.jcompose.cli.output.Progress.State;
import dev.jcompose.cli.output.Progress.Update;
import dev.jcompose.cli.output.Report;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Images;
import dev.jcompose.runtime.execute.TaskGroup;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code image pull} and {@code image push}: moves images by their names. */
public final class ImageTransferCommand implements Command {
    private final String verb;
    private final Options options;
    private final Optional<Value> platform;
    private final Flag quiet;
    private final Values words;

    private final Supplier<Backend> backends;
    private final Report report;

    private ImageTransferCommand(
            String verb, String description, boolean platforms, Supplier<Backend> backends, Report report) {
        this.verb = verb;
        this.options = new Options(description);
        this.platform = platforms
                ? Optional.of(options.value("OS/ARCH", "Fetch the image for another platform", "--platform"))
                : Optional.empty();
        this.quiet = options.flag("Show no progress", "-q", "--quiet");
        this.words = options.arguments("REFERENCE...");
        this.backends = backends;
        this.report = report;
    }

    public static ImageTransferCommand pull(Supplier<Backend> backends, Report report) {
        return new ImageTransferCommand("pull", "Fetch images from registries", true, backends, report);
    }

    public static ImageTransferCommand push(Supplier<Backend> backends, Report report) {
        return new ImageTransferCommand("push", "Give images to registries", false, backends, report);
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (words.all().isEmpty()) {
            throw new UsageException(
                    "image %s wants the images to %s: jcompose image %s REFERENCE...".formatted(verb, verb, verb));
        }
        try (var backend = backends.get();
                var progress = quiet.isSet() ? report.quiet() : report.progress(verb);
                var group = new TaskGroup()) {
            for (var reference : words.all()) {
                group.fork(verb + "-" + reference, () -> move(backend.images(), reference, progress));
            }
            group.join();
        }
        return 0;
    }

    private void move(Images images, String reference, Progress progress) throws InterruptedException {
        var subject = "Image " + reference;
        progress.update(new Update(subject, verb.equals("pull") ? "Pulling" : "Pushing", State.WORKING));
        try {
            if (verb.equals("pull")) {
                images.pull(reference, platform.flatMap(Value::get), layer -> progress.layer(subject, layer));
            } else {
                images.push(reference, layer -> progress.layer(subject, layer));
            }
        } catch (BackendException e) {
            progress.update(new Update(subject, "Error", State.FAILED));
            throw e;
        }
        progress.update(new Update(subject, verb.equals("pull") ? "Pulled" : "Pushed", State.DONE));
    }
}
