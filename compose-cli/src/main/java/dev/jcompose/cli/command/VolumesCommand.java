package dev.jcompose.cli.command;

import static java.util.stream.Collectors.joining;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.ProjectSelection;
import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.Listing;
import dev.jcompose.cli.output.Listing.Column;
import dev.jcompose.planner.state.ObservedProject.ObservedVolume;
import dev.jcompose.runtime.Backend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** {@code volumes}: the named volumes of the project. */
public final class VolumesCommand implements Command {
    private static final String NONE = "N/A";
    private static final String COMPOSE = "com.docker.compose.";
    private static final Listing LISTING =
            new Listing(false, new Column("DRIVER", "Driver"), new Column("VOLUME NAME", "Name"));

    private final Options options = new Options("List the volumes of the project");
    private final Value format = options.value("FORMAT", "table, json, or a template", "--format");
    private final Flag quiet = options.flag("Only names", "-q", "--quiet");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectSelection projects;
    private final Supplier<Backend> backends;
    private final Console console;

    public VolumesCommand(ProjectSelection projects, Supplier<Backend> backends, Console console) {
        this.projects = projects;
        this.backends = backends;
        this.console = console;
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
            var used = ServiceNames.containers(services.all(), selected, observed).stream()
                    .flatMap(container -> container.volumes().stream())
                    .toList();
            var volumes = observed.volumes().stream()
                    .filter(volume -> volume.project().equals(selected.name()))
                    .filter(volume -> services.all().isEmpty() || used.contains(volume.name()))
                    .toList();
            if (quiet.isSet()) {
                volumes.forEach(volume -> console.out().println(volume.name()));
            } else {
                var rows = volumes.stream().map(volume -> row(backend, volume)).toList();
                console.out().print(LISTING.text(format.or("table"), rows));
            }
        }
        return 0;
    }

    private static Map<String, Object> row(Backend backend, ObservedVolume volume) {
        var row = new LinkedHashMap<String, Object>();
        row.put("Availability", NONE);
        row.put("Driver", "local");
        row.put("Group", NONE);
        row.put("Labels", labels(volume));
        row.put("Links", NONE);
        row.put("Mountpoint", backend.volumes().mountpoint(volume.name()));
        row.put("Name", volume.name());
        row.put("Scope", "local");
        row.put("Size", NONE);
        row.put("Status", NONE);
        return row;
    }

    private static String labels(ObservedVolume volume) {
        var labels = new TreeMap<String, String>();
        labels.put(COMPOSE + "config-hash", volume.configHash());
        labels.put(COMPOSE + "project", volume.project());
        labels.put(COMPOSE + "volume", volume.key());
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(joining(","));
    }
}
