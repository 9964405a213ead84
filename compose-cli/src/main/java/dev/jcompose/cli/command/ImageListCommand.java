package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.output.ContainerText;
import dev.jcompose.cli.output.HumanSize;
import dev.jcompose.cli.output.HumanTime;
import dev.jcompose.cli.output.Json;
import dev.jcompose.cli.output.Report;
import dev.jcompose.cli.output.Table;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.Images.ImageSummary;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;

/** {@code image ls}: the images of this machine. */
public final class ImageListCommand implements Command {
    private static final String NONE = "<none>";

    private final Options options = new Options("List the images of this machine");
    private final Flag digests = options.flag("Show digests", "--digests");
    private final Values filters = options.values(
            "FILTER", "Only images that match: dangling, reference, label, before, since", "-f", "--filter");
    private final Value format = options.value("FORMAT", "table or json", "--format");
    private final Flag whole = options.flag("Shorten no identifiers", "--no-trunc");
    private final Flag quiet = options.flag("Only identifiers", "-q", "--quiet");
    private final Values names = options.arguments("[NAME]");

    private final Supplier<Backend> backends;
    private final Report report;
    private final Clock clock;

    public ImageListCommand(Supplier<Backend> backends, Report report, Clock clock) {
        this.backends = backends;
        this.report = report;
        this.clock = clock;
        options.flag("All images, as without it: there are no hidden ones", "-a", "--all");
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        var form = ListFormat.of(format);
        var filter = new ImageFilter(filters.all(), names.all());
        List<ImageSummary> images;
        try (var backend = backends.get()) {
            images = filter.of(backend.images().list());
        }
        if (quiet.isSet()) {
            images.stream().map(this::id).distinct().forEach(report::print);
        } else if (form == ListFormat.JSON) {
            images.forEach(image -> report.print(json(image)));
        } else {
            report.print(table(images).text().stripTrailing());
        }
        return 0;
    }

    private Table table(List<ImageSummary> images) {
        var header = new ArrayList<>(List.of("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"));
        if (digests.isSet()) {
            header.add(2, "DIGEST");
        }
        var table = new Table(header.toArray(new String[0]));
        for (var image : images) {
            var cells = new ArrayList<>(
                    List.of(repository(image), tag(image), id(image), age(image), HumanSize.of(image.size())));
            if (digests.isSet()) {
                cells.add(2, digest(image));
            }
            table.add(cells.toArray(new String[0]));
        }
        return table;
    }

    private String id(ImageSummary image) {
        return whole.isSet() ? image.id() : ContainerText.shortId(image.id());
    }

    private static String repository(ImageSummary image) {
        return image.isDangling() ? NONE : ImageFilter.repository(image.reference());
    }

    private static String tag(ImageSummary image) {
        return image.isDangling() ? NONE : ImageFilter.tag(image.reference()).orElse(NONE);
    }

    private static String digest(ImageSummary image) {
        return image.digest().isEmpty() ? NONE : image.digest();
    }

    private String age(ImageSummary image) {
        return HumanTime.of(Duration.between(image.created(), clock.instant())) + " ago";
    }

    private String json(ImageSummary image) {
        var object = new LinkedHashMap<String, Object>();
        object.put("Containers", "N/A");
        object.put("CreatedAt", image.created().toString());
        object.put("CreatedSince", age(image));
        object.put("Digest", digest(image));
        object.put("ID", id(image));
        object.put("Repository", repository(image));
        object.put("SharedSize", "N/A");
        object.put("Size", HumanSize.of(image.size()));
        object.put("Tag", tag(image));
        object.put("UniqueSize", "N/A");
        return Json.of(object);
    }
}
