package dev.jcompose.cli.command;

import dev.jcompose.cli.command.ConvergeOptions.Extent;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.model.Project;
import java.util.Optional;

/** {@code create}: {@code up} without starting anything. */
public final class CreateCommand implements Command {
    private final Options options = new Options("Create containers without starting them");
    private final ConvergeOptions converge = new ConvergeOptions(options);
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectWork work;

    public CreateCommand(ProjectWork work) {
        this.work = work;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        converge.check();
        try (var backend = work.backends().get()) {
            var project = converge.withPullPolicy(work.load(backend, services.all()));
            var asked = converge.toUpOptions(services.all(), extent(project));
            var run = new UpRun(work, backend, project, asked, new QuietImages(converge.quietPull(), false));
            if (work.runner().isDry()) {
                run.showPlan(false);
            } else {
                run.converge(false);
            }
        }
        return 0;
    }

    private Extent extent(Project project) {
        return new Extent(
                false,
                true,
                false,
                work.isOn("COMPOSE_REMOVE_ORPHANS", Optional.of(project)),
                work.isOn("COMPOSE_IGNORE_ORPHANS", Optional.of(project)),
                Optional.empty());
    }
}
