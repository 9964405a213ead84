package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.model.spec.Nearest;
import dev.jcompose.planner.UpOptions;
import dev.jcompose.planner.UpOptions.Building;
import dev.jcompose.planner.UpOptions.Recreate;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.ContainerSpec;
import dev.jcompose.runtime.ContainerSpec.OneOff;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** {@code run}: runs a command in a container of its own, made like those of a service. */
public final class RunCommand implements Command {
    private final Options options = new Options("Run a command in a container of its own").stopAtArguments();
    private final Flag detach = options.flag("Leave it running and print its identifier", "-d", "--detach");
    private final Flag remove = options.flag("Remove the container when it has ended", "--rm");
    private final Value name = options.value("NAME", "Name of the container", "--name");
    private final Flag noDependencies = options.flag("Do not start the services it depends on", "--no-deps");
    private final Flag useAliases = options.flag("Let others find it by the service's names", "--use-aliases");
    private final Flag noTty =
            options.flag("No terminal (default: one when input and output are one)", "-T", "--no-tty", "--no-TTY");
    private final Flag tty = options.flagOnByDefault("Give it a terminal", "-t", "--tty");
    private final Flag interactive = options.flagOnByDefault("Pass standard input on", "-i", "--interactive");
    private final Flag build = options.flag("Build the image before", "--build");
    private final Value pull = options.value("POLICY", "When to fetch images: always, missing, never", "--pull");
    private final Flag quiet = options.flag("Show no progress", "-q", "--quiet");
    private final Flag quietBuild = options.flag("Show no progress of builds", "--quiet-build");
    private final Flag quietPull = options.flag("Show no progress of fetched images", "--quiet-pull");
    private final Flag removeOrphans =
            options.flag("Remove containers of services no longer declared", "--remove-orphans");
    private final RunOptions changes = new RunOptions(options);
    private final Values words = options.arguments("SERVICE [COMMAND] [ARGUMENT...]");

    private final ProjectWork work;
    private final Console console;

    public RunCommand(ProjectWork work, Console console) {
        this.work = work;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (words.all().isEmpty()) {
            throw new UsageException("run wants a service: jcompose run SERVICE [COMMAND] [ARGUMENT...]");
        }
        if (detach.isSet() && remove.isSet()) {
            throw new UsageException("--detach and --rm are incompatible: nobody would be there to remove it");
        }
        var service = words.all().getFirst();
        try (var backend = work.backends().get()) {
            var loaded = ConvergeOptions.withPullPolicy(work.load(backend, List.of(service)), pull.or("policy"));
            var command = words.all().subList(1, words.all().size());
            var changed = changes.service(work.projects(), loaded, declared(loaded, service), command, terminal());
            return run(backend, changed.in(loaded), changed);
        }
    }

    private int run(Backend backend, Project project, RunService changed) throws InterruptedException {
        var slug = "%012x".formatted(ThreadLocalRandom.current().nextLong(1L << 48));
        var service = changed.declared().name();
        var container = name.or(project.name() + "-" + service + "-run-" + slug);
        var images = new QuietImages(quietPull.isSet() || quiet.isSet(), quietBuild.isSet() || quiet.isSet());
        var ground = new UpRun(work, backend, project, asked(service, project), images);
        if (work.runner().isDry()) {
            ground.showPlan(true);
            work.report().print("DRY-RUN MODE -  Container " + container + "  Creating (run)");
            return 0;
        }
        ground.converge(true);
        var oneOff = new OneOff(slug, !detach.isSet(), useAliases.isSet());
        var spec = new ContainerSpec(
                project, changed.merged(name.get()), 1, container, Optional.of(oneOff), Optional.empty());
        var run = new OneOffRun(work, backend, spec, remove.isSet());
        if (detach.isSet()) {
            work.report().print(run.inBackground());
            return 0;
        }
        console.flush();
        return run.inForeground();
    }

    private UpOptions asked(String service, Project project) {
        return new UpOptions(
                List.of(service),
                Map.of(),
                Recreate.IF_CHANGED,
                false,
                !noDependencies.isSet(),
                build.isSet() ? Building.ALWAYS : Building.IF_MISSING,
                true,
                removeOrphans.isSet() || work.isOn("COMPOSE_REMOVE_ORPHANS", Optional.of(project)),
                false,
                work.isOn("COMPOSE_IGNORE_ORPHANS", Optional.of(project)),
                true,
                Optional.empty());
    }

    private RunOptions.Terminal terminal() {
        boolean ours = console.terminals().in() && console.terminals().out();
        boolean input = interactive.isSet() && !detach.isSet();
        return new RunOptions.Terminal(ours && tty.isSet() && !noTty.isSet() && !detach.isSet(), input);
    }

    private static Service declared(Project project, String name) {
        return Optional.ofNullable(project.services().get(name))
                .orElseThrow(() -> new ComposeException("no such service: " + name
                        + Nearest.hint(name, project.services().keySet())));
    }
}
