package dev.jcompose.cli.command;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.ContainerText;
import dev.jcompose.cli.output.Listing;
import dev.jcompose.cli.output.Listing.Column;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Backend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** {@code ls}: the projects of this machine. */
public final class LsCommand implements Command {
    private static final String CONFIG_FILES = "com.docker.compose.project.config_files";

    private static final Listing LISTING = new Listing(
            true,
            new Column("NAME", "Name"),
            new Column("STATUS", "Status"),
            new Column("CONFIG FILES", "ConfigFiles"));

    private final Options options = new Options("List the projects of this machine");
    private final Flag all = options.flag("Also those of which nothing runs", "-a", "--all");
    private final Value format = options.value("FORMAT", "table, json, or a template", "--format");
    private final Flag quiet = options.flag("Only names", "-q", "--quiet");
    private final Values filters = options.values("FILTER", "Only those that match: name=TEXT", "--filter");

    private final Supplier<Backend> backends;
    private final Console console;

    public LsCommand(Supplier<Backend> backends, Console console) {
        this.backends = backends;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        var wanted = filters.all().stream().map(LsCommand::wantedName).toList();
        try (var backend = backends.get()) {
            var projects = backend.projects().stream()
                    .map(name -> Row.of(name, backend.observe(name, List.of()).containers()))
                    .filter(row -> row.containers() > 0 && (all.isSet() || row.running()))
                    .filter(row -> wanted.isEmpty() || wanted.stream().anyMatch(row.name()::contains))
                    .toList();
            print(projects);
        }
        return 0;
    }

    private static String wantedName(String filter) {
        if (!filter.startsWith("name=")) {
            throw new UsageException("--filter knows name=TEXT, not \"" + filter + "\"");
        }
        return filter.substring("name=".length());
    }

    private void print(List<Row> projects) {
        if (quiet.isSet()) {
            projects.forEach(row -> console.out().println(row.name()));
        } else {
            var rows = projects.stream().map(Row::json).toList();
            console.out().print(LISTING.text(format.or("table"), rows));
        }
    }

    private record Row(String name, String status, String files, int containers, boolean running) {
        static Row of(String name, List<ObservedContainer> containers) {
            var counts = containers.stream().collect(groupingBy(ContainerText::state, TreeMap::new, counting()));
            var status = counts.entrySet().stream()
                    .map(entry -> entry.getKey() + "(" + entry.getValue() + ")")
                    .collect(joining(", "));
            var files = containers.stream()
                    .map(container -> container.labels().getOrDefault(CONFIG_FILES, ""))
                    .filter(file -> !file.isEmpty())
                    .distinct()
                    .collect(joining(","));
            boolean running = containers.stream().anyMatch(ObservedContainer::isRunning);
            return new Row(name, status, files, containers.size(), running);
        }

        Map<String, Object> json() {
            var object = new LinkedHashMap<String, Object>();
            object.put("Name", name);
            object.put("Status", status);
            object.put("ConfigFiles", files);
            return object;
        }
    }
}
