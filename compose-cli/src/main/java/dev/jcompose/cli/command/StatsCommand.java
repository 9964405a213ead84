package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.ProjectSelection;
import dev.jcompose.cli.option.ProjectSelection.Selected;
import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.Listing;
import dev.jcompose.cli.output.Listing.Column;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Activity.Usage;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.NotFoundException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code stats}: what containers use, once or again and again. */
public final class StatsCommand implements Command {
    private static final long MILLIS_BETWEEN_SAMPLES = 1000;
    private static final String CLEAR = "\u001b[2J\u001b[H";

    private static final Listing LISTING = new Listing(
            false,
            new Column("CONTAINER ID", "ID"),
            new Column("NAME", "Name"),
            new Column("CPU %", "CPUPerc"),
            new Column("MEM USAGE / LIMIT", "MemUsage"),
            new Column("MEM %", "MemPerc"),
            new Column("NET I/O", "NetIO"),
            new Column("BLOCK I/O", "BlockIO"),
            new Column("PIDS", "PIDs"));

    private final Options options = new Options("Show what containers use");
    private final Flag all = options.flag("Also those that do not run", "-a", "--all");
    private final Value format = options.value("FORMAT", "table, json, or a template", "--format");
    private final Flag once = options.flag("Only once", "--no-stream");
    private final Flag untruncated = options.flag("Show full identifiers", "--no-trunc");
    private final Values services = options.arguments("[SERVICE]");

    private final ProjectSelection projects;
    private final Supplier<Backend> backends;
    private final Console console;

    public StatsCommand(ProjectSelection projects, Supplier<Backend> backends, Console console) {
        this.projects = projects;
        this.backends = backends;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        var selected = projects.select();
        try (var backend = backends.get()) {
            var before = sample(backend, containers(backend, selected));
            boolean going;
            do {
                Thread.sleep(MILLIS_BETWEEN_SAMPLES);
                var containers = containers(backend, selected);
                var now = sample(backend, containers);
                show(containers, before, now);
                before = now;
                going = !once.isSet() && !console.out().checkError();
            } while (going);
        }
        return 0;
    }

    private List<ObservedContainer> containers(Backend backend, Selected selected) {
        var observed = backend.observe(selected.name(), List.of());
        return ServiceNames.containers(services.all(), selected, observed).stream()
                .filter(container -> all.isSet() || container.isRunning())
                .toList();
    }

    private static Map<String, Usage> sample(Backend backend, List<ObservedContainer> containers) {
        Map<String, Usage> sample = new HashMap<>();
        for (var container : containers) {
            try {
                backend.activity().usage(container.id()).ifPresent(usage -> sample.put(container.id(), usage));
            } catch (NotFoundException e) {
                sample.remove(container.id()); // removed since it was observed
            }
        }
        return sample;
    }

    private void show(List<ObservedContainer> containers, Map<String, Usage> before, Map<String, Usage> now) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (var container : containers) {
            var usage = Optional.ofNullable(now.get(container.id()));
            var earlier = Optional.ofNullable(before.get(container.id()));
            rows.add(new StatsRow(container, earlier, usage).fields(untruncated.isSet()));
        }
        boolean repaints = !once.isSet() && console.terminals().out();
        console.out().print((repaints ? CLEAR : "") + LISTING.text(format.or("table"), rows));
        console.flush();
    }
}
