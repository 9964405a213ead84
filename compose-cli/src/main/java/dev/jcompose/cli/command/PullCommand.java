package dev.jcompose.cli.command;

import dev.jcompose.cli.command.PlanRunner.Target;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.model.Project;
import dev.jcompose.model.PullPolicy;
import dev.jcompose.planner.Action;
import dev.jcompose.planner.Action.PullImage;
import dev.jcompose.planner.PullOptions;
import java.util.Optional;

/** {@code pull}: fetches the images of services. */
public final class PullCommand implements Command {
    private final Options options = new Options("Fetch the images of services");
    private final Flag ignoreBuildable = options.flag("Leave out images that can be built", "--ignore-buildable");
    private final Flag ignoreFailures =
            options.flag("Go on with the others when an image cannot be fetched", "--ignore-pull-failures");
    private final Flag includeDependencies =
            options.flag("Also fetch the images of the services these depend on", "--include-deps");
    private final Value policy = options.value("POLICY", "Which images to fetch: missing or always", "--policy");
    private final Flag quiet = options.flag("Show no progress", "-q", "--quiet");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectWork work;

    public PullCommand(ProjectWork work) {
        this.work = work;
        options.flagOnByDefault("Fetch several images at a time; see --parallel before the command", "--parallel");
        options.flag("Has no effect any more", "--no-parallel");
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        var chosen = policy();
        try (var backend = work.backends().get()) {
            var loaded = work.load(backend, services.all());
            var project = chosen.map(loaded::withPullPolicy).orElse(loaded);
            var observed = ProjectWork.observe(backend, project);
            var asked = new PullOptions(services.all(), includeDependencies.isSet(), ignoreBuildable.isSet());
            var plan = work.planner().pull(project, observed, asked);
            work.runner()
                    .transfer(
                            quiet.isSet() ? PlanRunner.SILENT : "pull",
                            plan,
                            new Target(backend, Optional.of(project), observed),
                            action -> ignoreFailures.isSet() || canBeBuilt(project, action));
        }
        return 0;
    }

    private Optional<PullPolicy> policy() {
        return policy.get().map(word -> switch (word) {
            case "missing" -> new PullPolicy.Missing();
            case "always" -> new PullPolicy.Always();
            default -> throw new UsageException("--policy is one of missing, always, not \"" + word + "\"");
        });
    }

    /** What is not at its registry yet is no failure for whoever can build it. */
    private static boolean canBeBuilt(Project project, Action action) {
        return action instanceof PullImage pull
                && Optional.ofNullable(project.services().get(pull.service()))
                        .flatMap(service -> service.build())
                        .isPresent();
    }
}
