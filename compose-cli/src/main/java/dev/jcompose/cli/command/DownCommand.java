package dev.jcompose.cli.command;

import dev.jcompose.cli.command.PlanRunner.Target;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Count;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.Parsing;
import dev.jcompose.planner.DownOptions;
import java.util.List;

/** {@code down}: stops and removes what {@code up} made. */
public final class DownCommand implements Command {
    private final Options options = new Options("Stop and remove containers and networks");
    private final Flag volumes = options.flag("Also remove the project's volumes, with their data", "-v", "--volumes");
    private final Count timeout = options.number("SECONDS", "How long containers may take to stop", "-t", "--timeout");
    private final Flag removeOrphans =
            options.flag("Also remove containers of services no longer declared", "--remove-orphans");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectWork work;

    public DownCommand(ProjectWork work) {
        this.work = work;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        var selected = work.projects().select();
        var asked = new DownOptions(
                services.all(),
                volumes.isSet(),
                removeOrphans.isSet() || work.isOn("COMPOSE_REMOVE_ORPHANS", selected.project()),
                Parsing.seconds(timeout.get()));
        try (var backend = work.backends().get()) {
            work.locked(backend, selected.name(), () -> {
                var observed = backend.observe(selected.name(), List.of());
                var plan = work.planner().down(selected.project(), observed, asked);
                work.runner().run("down", plan, new Target(backend, selected.project(), observed));
            });
        }
        return 0;
    }
}
