package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.output.HumanSize;
import dev.jcompose.cli.output.Json;
import dev.jcompose.cli.output.Report;
import dev.jcompose.cli.output.Table;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.Disk.Part;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;

/** {@code system df}: what images, containers and volumes take on disk. */
public final class SystemDfCommand implements Command {
    private static final int PERCENT = 100;

    private final Options options = new Options("Show what images, containers and volumes take on disk");
    private final Value format = options.value("FORMAT", "table or json", "--format");

    private final Supplier<Backend> backends;
    private final Report report;

    public SystemDfCommand(Supplier<Backend> backends, Report report) {
        this.backends = backends;
        this.report = report;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        var form = ListFormat.of(format);
        List<Part> parts;
        try (var backend = backends.get()) {
            parts = backend.disk().usage();
        }
        if (form == ListFormat.JSON) {
            parts.forEach(part -> report.print(json(part)));
        } else {
            var table = new Table("TYPE", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE");
            parts.forEach(part -> table.add(
                    part.kind(),
                    Integer.toString(part.total()),
                    Integer.toString(part.active()),
                    HumanSize.of(part.size()),
                    reclaimable(part)));
            report.print(table.text().stripTrailing());
        }
        return 0;
    }

    private static String reclaimable(Part part) {
        var size = HumanSize.of(part.reclaimable());
        return part.size() == 0 ? size : size + " (" + part.reclaimable() * PERCENT / part.size() + "%)";
    }

    private static String json(Part part) {
        var object = new LinkedHashMap<String, Object>();
        object.put("Active", Integer.toString(part.active()));
        object.put("Reclaimable", reclaimable(part));
        object.put("Size", HumanSize.of(part.size()));
        object.put("TotalCount", Integer.toString(part.total()));
        object.put("Type", part.kind());
        return Json.of(object);
    }
}
