package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.output.ContainerText;
import dev.jcompose.cli.output.HumanSize;
import dev.jcompose.cli.output.HumanTime;
import dev.jcompose.cli.output.Report;
import dev.jcompose.cli.output.Table;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.Images.ImageSummary;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** {@code image ls}: the images of this machine. */
public final class ImageListCommand implements Command {
    private final Options options = new Options("List the images of this machine");
    private final Flag quiet = options.flag("Only identifiers", "-q", "--quiet");

    private final Supplier<Backend> backends;
    private final Report report;
    private final Clock clock;

    public ImageListCommand(Supplier<Backend> backends, Report report, Clock clock) {
        this.backends = backends;
        this.report = report;
        this.clock = clock;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        try (var backend = backends.get()) {
            var images = backend.images().list();
            if (quiet.isSet()) {
                images.forEach(image -> report.print(ContainerText.shortId(image.id())));
            } else {
                report.print(table(images).text().stripTrailing());
            }
        }
        return 0;
    }

    private Table table(List<ImageSummary> images) {
        var table = new Table("REFERENCE", "IMAGE ID", "CREATED", "SIZE");
        for (var image : images) {
            var age = HumanTime.of(Duration.between(image.created(), clock.instant()));
            table.add(image.reference(), ContainerText.shortId(image.id()), age + " ago", HumanSize.of(image.size()));
        }
        return table;
    }
}
