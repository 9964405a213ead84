package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.ContainerText;
import dev.jcompose.cli.output.HumanSize;
import dev.jcompose.cli.output.HumanTime;
import dev.jcompose.cli.output.Json;
import dev.jcompose.cli.output.Report;
import dev.jcompose.cli.output.Table;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.Images.HistoryStep;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;

/** {@code image history}: the steps an image was made in. */
public final class ImageHistoryCommand implements Command {
    private static final int SHORT = 45;
    private static final String MISSING = "<missing>";

    private final Options options = new Options("Show the steps an image was made in, the last first");
    private final Value format = options.value("FORMAT", "table or json", "--format");
    private final Flag bytes = options.flag("Sizes in bytes and times as they are", "-b", "--no-human");
    private final Flag whole = options.flag("Shorten nothing", "--no-trunc");
    private final Flag quiet = options.flag("Only identifiers", "-q", "--quiet");
    private final Values words = options.arguments("IMAGE");

    private final Supplier<Backend> backends;
    private final Report report;
    private final Clock clock;

    public ImageHistoryCommand(Supplier<Backend> backends, Report report, Clock clock) {
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
        if (words.all().size() != 1) {
            throw new UsageException("image history wants one image: jcompose image history IMAGE");
        }
        var form = ListFormat.of(format);
        List<HistoryStep> steps;
        try (var backend = backends.get()) {
            steps = backend.images().history(words.all().getFirst());
        }
        if (quiet.isSet()) {
            steps.forEach(step -> report.print(id(step)));
        } else if (form == ListFormat.JSON) {
            steps.forEach(step -> report.print(json(step)));
        } else {
            var table = new Table("IMAGE", "CREATED", "CREATED BY", "SIZE", "COMMENT");
            steps.forEach(step -> table.add(id(step), created(step), createdBy(step), size(step), step.comment()));
            report.print(table.text().stripTrailing());
        }
        return 0;
    }

    private String id(HistoryStep step) {
        if (step.id().isEmpty()) {
            return MISSING;
        }
        return whole.isSet() ? step.id() : ContainerText.shortId(step.id());
    }

    private String created(HistoryStep step) {
        return bytes.isSet()
                ? step.created().toString()
                : HumanTime.of(Duration.between(step.created(), clock.instant())) + " ago";
    }

    private String createdBy(HistoryStep step) {
        var text = step.createdBy().replace('\t', ' ').replace('\n', ' ');
        return whole.isSet() || text.length() <= SHORT ? text : text.substring(0, SHORT - 1) + "…";
    }

    private String size(HistoryStep step) {
        return bytes.isSet() ? Long.toString(step.size()) : HumanSize.of(step.size());
    }

    private String json(HistoryStep step) {
        var object = new LinkedHashMap<String, Object>();
        object.put("Comment", step.comment());
        object.put("CreatedAt", step.created().toString());
        object.put("CreatedBy", createdBy(step));
        object.put("CreatedSince", HumanTime.of(Duration.between(step.created(), clock.instant())) + " ago");
        object.put("ID", id(step));
        object.put("Size", size(step));
        return Json.of(object);
    }
}
