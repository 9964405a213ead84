package dev.jcompose.cli.command;

import dev.jcompose.cli.command.PlanRunner.Target;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Values;
import java.util.List;

/** {@code unpause}: let paused containers go on. */
public final class UnpauseCommand implements Command {
    private final Options options = new Options("Let paused containers go on");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectWork work;

    public UnpauseCommand(ProjectWork work) {
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
                var plan = work.planner().unpause(selected.project(), observed, services.all());
                work.runner().run("unpause", plan, new Target(backend, selected.project(), observed));
            });
        }
        return 0;
    }
}
