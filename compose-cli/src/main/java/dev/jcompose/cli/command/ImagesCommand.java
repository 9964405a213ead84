package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.ProjectSelection;
import dev.jcompose.cli.output.ContainerText;
import dev.jcompose.cli.output.HumanSize;
import dev.jcompose.cli.output.Json;
import dev.jcompose.cli.output.Listing;
import dev.jcompose.cli.output.Listing.Column;
import dev.jcompose.cli.output.Report;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.Images.ImageSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code images}: what the project's containers were made from. */
public final class ImagesCommand implements Command {
    private static final Listing LISTING = new Listing(
            true,
            new Column("CONTAINER", "ContainerName"),
            new Column("REPOSITORY", "Repository"),
            new Column("TAG", "Tag"),
            new Column("IMAGE ID", "ID"),
            new Column("SIZE", "Size"));

    private final Options options = new Options("List the images the project's containers use");
    private final Value format = options.value("FORMAT", "table, json, or a template", "--format");
    private final Flag quiet = options.flag("Only identifiers", "-q", "--quiet");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectSelection projects;
    private final Supplier<Backend> backends;
    private final Report report;

    public ImagesCommand(ProjectSelection projects, Supplier<Backend> backends, Report report) {
        this.projects = projects;
        this.backends = backends;
        this.report = report;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        var selected = projects.select();
        try (var backend = backends.get()) {
            var observed = backend.observe(selected.name(), List.of());
            var images = backend.images().list();
            var rows = ServiceNames.containers(services.all(), selected, observed).stream()
                    .map(container -> Row.of(container, images))
                    .toList();
            print(rows);
        }
        return 0;
    }

    private void print(List<Row> rows) {
        if (quiet.isSet()) {
            rows.stream().map(Row::id).distinct().forEach(report::print);
        } else if (format.or("table").equals("json")) {
            report.print(Json.of(rows.stream().map(Row::json).toList()));
        } else {
            report.print(LISTING.text(
                            format.or("table"), rows.stream().map(Row::text).toList())
                    .stripTrailing());
        }
    }

    private record Row(String container, String repository, String tag, String id, long size) {
        static Row of(ObservedContainer container, List<ImageSummary> images) {
            int colon = container.image().lastIndexOf(':');
            boolean tagged = colon > container.image().lastIndexOf('/');
            long size = images.stream()
                    .filter(image -> image.id().equals(container.imageId()))
                    .mapToLong(ImageSummary::size)
                    .findFirst()
                    .orElse(0);
            return new Row(
                    container.name(),
                    tagged ? container.image().substring(0, colon) : container.image(),
                    tagged ? container.image().substring(colon + 1) : "latest",
                    container.imageId(),
                    size);
        }

        /** The same in words. */
        Map<String, Object> text() {
            var object = json();
            object.put("ID", ContainerText.shortId(id));
            object.put("Size", HumanSize.of(size));
            return object;
        }

        Map<String, Object> json() {
            var object = new LinkedHashMap<String, Object>();
            object.put("ID", id);
            object.put("ContainerName", container);
            object.put("Repository", repository);
            object.put("Tag", tag);
            object.put("Size", size);
            return object;
        }
    }
}
