package dev.jcompose.cli.command;

import dev.jcompose.cli.command.PlanRunner.Target;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Count;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.Parsing;
import java.util.List;

/** {@code stop}: stops containers without removing them. */
public final class StopCommand implements Command {
    private final Options options = new Options("Stop containers without removing them");
    private final Count timeout = options.number("SECONDS", "How long containers may take to stop", "-t", "--timeout");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectWork work;

    public StopCommand(ProjectWork work) {
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
                        .stop(selected.project(), observed, services.all(), Parsing.seconds(timeout.get()));
                work.runner().run("stop", plan, new Target(backend, selected.project(), observed));
            });
        }
        return 0;
    }
}
