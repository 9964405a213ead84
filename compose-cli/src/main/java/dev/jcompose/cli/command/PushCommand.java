package dev.jcompose.cli.command;

import dev.jcompose.cli.command.PlanRunner.Target;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Values;
import java.util.Optional;

/** {@code push}: gives the images that services build to their registries. */
public final class PushCommand implements Command {
    private final Options options = new Options("Give the images of services to their registries");
    private final Flag ignoreFailures =
            options.flag("Go on with the others when an image cannot be pushed", "--ignore-push-failures");
    private final Flag includeDependencies =
            options.flag("Also push the images of the services these depend on", "--include-deps");
    private final Flag quiet = options.flag("Show no progress", "-q", "--quiet");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectWork work;

    public PushCommand(ProjectWork work) {
        this.work = work;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (var backend = work.backends().get()) {
            var project = work.load(backend, services.all());
            var observed = ProjectWork.observe(backend, project);
            var plan = work.planner().push(project, services.all(), includeDependencies.isSet());
            work.runner()
                    .transfer(
                            quiet.isSet() ? PlanRunner.SILENT : "push",
                            plan,
                            new Target(backend, Optional.of(project), observed),
                            action -> ignoreFailures.isSet());
        }
        return 0;
    }
}
