package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Count;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.Parsing;
import dev.jcompose.cli.option.ProjectSelection;
import dev.jcompose.cli.option.ProjectSelection.Selected;
import dev.jcompose.cli.output.FlushingTime;
import dev.jcompose.cli.output.LogPrinter;
import dev.jcompose.cli.output.Report;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.watch.LogFollower;
import dev.jcompose.runtime.watch.LogQuery;
import dev.jcompose.runtime.watch.Timekeeper;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** {@code logs}: what containers have written, and write. */
public final class LogsCommand implements Command {
    private final Options options = new Options("Show the output of containers");
    private final Flag follow = options.flag("Go on with what is written from now", "-f", "--follow");
    private final Value tail = options.value("N", "Only the last lines of each container", "-n", "--tail");
    private final Flag timestamps = options.flag("Show when each line was written", "-t", "--timestamps");
    private final Flag noColor = options.flag("No colours", "--no-color");
    private final Flag noPrefix = options.flag("No container names before the lines", "--no-log-prefix");
    private final Value since = options.value("TIME", "Only lines written after a time, or so long ago", "--since");
    private final Value until = options.value("TIME", "Only lines written before a time, or so long ago", "--until");
    private final Count index = options.number("N", "Only this container of the service, from 1", "--index");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectSelection projects;
    private final Supplier<Backend> backends;
    private final Report report;

    public LogsCommand(ProjectSelection projects, Supplier<Backend> backends, Report report) {
        this.projects = projects;
        this.backends = backends;
        this.report = report;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        var query = query(Instant.now());
        var selected = projects.select();
        try (var backend = backends.get()) {
            var printer = report.logs(noColor.isSet(), !noPrefix.isSet(), timestamps.isSet());
            var listener = new PrintingListener(printer, selected.name());
            var time = new FlushingTime(printer, Timekeeper.system());
            try (var follower =
                    new LogFollower(backend.containers(), () -> members(backend, selected, printer), query, time)) {
                show(follower, listener);
            }
            printer.flush();
        }
        return 0;
    }

    private void show(LogFollower follower, PrintingListener listener) throws InterruptedException {
        if (follow.isSet()) {
            follower.follow(listener);
        } else {
            follower.stored(listener);
        }
    }

    private List<ObservedContainer> members(Backend backend, Selected selected, LogPrinter printer) {
        var observed = backend.observe(selected.name(), List.of());
        var members = ServiceNames.containers(services.all(), selected, observed).stream()
                .filter(container -> index.get().isEmpty()
                        || container.number() == index.get().getAsInt())
                .toList();
        printer.register(members.stream()
                .map(container -> PrintingListener.name(container, selected.name()))
                .toList());
        return members;
    }

    private LogQuery query(Instant now) {
        return new LogQuery(
                Parsing.tail(tail.or("all")),
                since.get().map(value -> Parsing.moment("--since", value, now)),
                until.get().map(value -> Parsing.moment("--until", value, now)));
    }
}
