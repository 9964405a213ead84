package dev.jcompose.cli.command;

import dev.jcompose.cli.command.PlanRunner.Target;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Values;
import java.util.List;
import java.util.Optional;

/** {@code start}: starts containers that exist. */
public final class StartCommand implements Command {
    private final Options options = new Options("Start existing containers");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectWork work;

    public StartCommand(ProjectWork work) {
        this.work = work;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        var project = work.projects().load();
        try (var backend = work.backends().get()) {
            work.locked(backend, project.name(), () -> {
                var observed = backend.observe(project.name(), List.of());
                var plan = work.planner().start(project, observed, services.all());
                work.runner().run("start", plan, new Target(backend, Optional.of(project), observed));
            });
        }
        return 0;
    }
}
