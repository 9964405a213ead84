package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.ProjectSelection;
import dev.jcompose.cli.option.ProjectSelection.Selected;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.ContainerText;
import dev.jcompose.cli.output.Listing;
import dev.jcompose.cli.output.Listing.Column;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** {@code ps}: the containers of the project. */
public final class PsCommand implements Command {
    private static final Listing LISTING = new Listing(
            false,
            new Column("NAME", "Name"),
            new Column("IMAGE", "Image"),
            new Column("COMMAND", "Command"),
            new Column("SERVICE", "Service"),
            new Column("CREATED", "RunningFor"),
            new Column("STATUS", "Status"),
            new Column("PORTS", "Ports"));

    private final Options options = new Options("List containers");
    private final Flag all = options.flag("Also those that do not run", "-a", "--all");
    private final Value format = options.value("FORMAT", "table, json, or a template", "--format");
    private final Flag quiet = options.flag("Only identifiers", "-q", "--quiet");
    private final Flag onlyServices = options.flag("Only the services that have containers", "--services");
    private final Values statuses = options.values(
            "STATUS", "Only those in this state: created, running, paused, restarting, exited, dead", "--status");
    private final Values filters = options.values("FILTER", "Only those that match: status=STATE", "--filter");
    private final Flag untruncated = options.flag("Show full identifiers and commands", "--no-trunc");
    private final Flag orphans = options.flagOnByDefault("Also those of services no longer declared", "--orphans");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectSelection projects;
    private final Supplier<Backend> backends;
    private final Console console;
    private final ContainerText text;

    public PsCommand(ProjectSelection projects, Supplier<Backend> backends, Console console, ContainerText text) {
        this.projects = projects;
        this.backends = backends;
        this.console = console;
        this.text = text;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        var wanted = wantedStatuses();
        var selected = projects.select();
        try (var backend = backends.get()) {
            var observed = backend.observe(selected.name(), List.of());
            var containers = ServiceNames.containers(services.all(), selected, observed).stream()
                    .filter(container -> isWanted(container, wanted))
                    .filter(container -> orphans.isSet() || isDeclared(container, selected))
                    .toList();
            print(containers, selected.name());
        }
        return 0;
    }

    private boolean isWanted(ObservedContainer container, List<String> wanted) {
        if (!wanted.isEmpty()) {
            return wanted.contains(ContainerText.state(container));
        }
        return all.isSet() || (container.isRunning() && !container.oneOff());
    }

    private static boolean isDeclared(ObservedContainer container, Selected selected) {
        return selected.project()
                .map(project -> project.services().containsKey(container.service())
                        || project.disabledServices().containsKey(container.service()))
                .orElse(true);
    }

    private List<String> wantedStatuses() {
        var wanted = new ArrayList<String>(statuses.all());
        for (var filter : filters.all()) {
            if (!filter.startsWith("status=")) {
                throw new UsageException("--filter knows status=STATE, not \"" + filter + "\"");
            }
            wanted.add(filter.substring("status=".length()));
        }
        return wanted;
    }

    private void print(List<ObservedContainer> containers, String project) {
        var out = console.out();
        if (quiet.isSet()) {
            containers.forEach(container -> out.println(container.id()));
        } else if (onlyServices.isSet()) {
            containers.stream().map(ObservedContainer::service).distinct().forEach(out::println);
        } else {
            var rows = containers.stream()
                    .map(container -> new ContainerJson(container, project, text, !untruncated.isSet()).fields())
                    .toList();
            out.print(LISTING.text(format.or("table"), rows));
        }
    }
}
