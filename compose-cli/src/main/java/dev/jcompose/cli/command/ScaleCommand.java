package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.Parsing;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.model.Project;
import dev.jcompose.planner.UpOptions;
import dev.jcompose.planner.UpOptions.Building;
import dev.jcompose.planner.UpOptions.Recreate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code scale}: how many containers services are to have. */
public final class ScaleCommand implements Command {
    private final Options options = new Options("Change how many containers services have");
    private final Flag noDependencies = options.flag("Leave alone the services these depend on", "--no-deps");
    private final Values wanted = options.arguments("SERVICE=N...");

    private final ProjectWork work;

    public ScaleCommand(ProjectWork work) {
        this.work = work;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (wanted.all().isEmpty()) {
            throw new UsageException("scale wants services with numbers: jcompose scale SERVICE=N...");
        }
        var scale = Parsing.scale("scale", wanted.all());
        try (var backend = work.backends().get()) {
            var project = work.load(backend, List.copyOf(scale.keySet()));
            var run = new UpRun(work, backend, project, asked(scale, project), new QuietImages(false, false));
            if (work.runner().isDry()) {
                run.showPlan(true);
            } else {
                run.converge(true);
            }
        }
        return 0;
    }

    private UpOptions asked(Map<String, Integer> scale, Project project) {
        return new UpOptions(
                List.copyOf(scale.keySet()),
                scale,
                Recreate.IF_CHANGED,
                false,
                !noDependencies.isSet(),
                Building.IF_MISSING,
                true,
                false,
                false,
                work.isOn("COMPOSE_IGNORE_ORPHANS", Optional.of(project)),
                false,
                Optional.empty());
    }
}
