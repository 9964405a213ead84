package dev.jcompose.cli.command;

import dev.jcompose.cli.command.PlanRunner.Target;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Count;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.Parsing;
import java.util.List;
import java.util.Optional;

/** {@code restart}: stops and starts containers as they are; changes of the files are not applied. */
public final class RestartCommand implements Command {
    private final Options options = new Options("Restart containers as they are");
    private final Count timeout = options.number("SECONDS", "How long containers may take to stop", "-t", "--timeout");
    private final Flag withoutDependents =
            options.flag("Leave alone the services that ask to be restarted along", "--no-deps");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectWork work;

    public RestartCommand(ProjectWork work) {
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
                var plan = work.planner()
                        .restart(
                                project,
                                observed,
                                services.all(),
                                !withoutDependents.isSet(),
                                Parsing.seconds(timeout.get()));
                work.runner().run("restart", plan, new Target(backend, Optional.of(project), observed));
            });
        }
        return 0;
    }
}
