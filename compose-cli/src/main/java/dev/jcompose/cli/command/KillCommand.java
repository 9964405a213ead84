package dev.jcompose.cli.command;

import dev.jcompose.cli.command.PlanRunner.Target;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import java.util.List;

/** {@code kill}: sends a signal to containers. */
public final class KillCommand implements Command {
    private final Options options = new Options("Send a signal to containers");
    private final Value signal = options.value("SIGNAL", "Signal to send (default SIGKILL)", "-s", "--signal");
    private final Flag removeOrphans =
            options.flag("Also to containers of services no longer declared", "--remove-orphans");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectWork work;

    public KillCommand(ProjectWork work) {
        this.work = work;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        var selected = work.projects().select();
        try (var backend = work.backends().get()) {
            work.locked(backend, selected.name(), () -> {
                var observed = backend.observe(selected.name(), List.of());
                var plan = work.planner()
                        .kill(
                                selected.project(),
                                observed,
                                services.all(),
                                signal.or("SIGKILL"),
                                removeOrphans.isSet());
                work.runner().run("kill", plan, new Target(backend, selected.project(), observed));
            });
        }
        return 0;
    }
}
