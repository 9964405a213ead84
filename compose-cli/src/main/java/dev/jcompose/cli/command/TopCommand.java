package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.ProjectSelection;
import dev.jcompose.cli.output.Report;
import dev.jcompose.cli.output.Table;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Activity.Task;
import dev.jcompose.runtime.Backend;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** {@code top}: the processes of containers. */
public final class TopCommand implements Command {
    private static final DateTimeFormatter TODAY =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final DateTimeFormatter EARLIER =
            DateTimeFormatter.ofPattern("MMMdd", Locale.ENGLISH).withZone(ZoneId.systemDefault());

    private final Options options = new Options("Show the processes of containers");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectSelection projects;
    private final Supplier<Backend> backends;
    private final Report report;

    public TopCommand(ProjectSelection projects, Supplier<Backend> backends, Report report) {
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
            var running = ServiceNames.containers(services.all(), selected, observed).stream()
                    .filter(ObservedContainer::isRunning)
                    .toList();
            if (!running.isEmpty()) {
                report.print(table(backend, running).text().stripTrailing());
            }
        }
        return 0;
    }

    private static Table table(Backend backend, List<ObservedContainer> running) {
        var table = Table.narrow("SERVICE", "#", "UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD");
        for (var container : running) {
            for (var task : backend.activity().processes(container.id())) {
                table.add(
                        container.service(),
                        String.valueOf(container.number()),
                        task.user(),
                        String.valueOf(task.pid()),
                        String.valueOf(task.parent()),
                        String.valueOf(task.share()),
                        started(task),
                        task.terminal(),
                        time(task),
                        task.command());
            }
        }
        return table;
    }

    private static String started(Task task) {
        boolean today = Duration.between(task.started(), Instant.now()).toHours() < 24;
        return (today ? TODAY : EARLIER).format(task.started());
    }

    private static String time(Task task) {
        var used = Duration.ofSeconds(task.cpuSeconds());
        return "%02d:%02d:%02d".formatted(used.toHours(), used.toMinutesPart(), used.toSecondsPart());
    }
}
