package dev.jcompose.cli.command;

import dev.jcompose.cli.command.ConvergeOptions.Extent;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Count;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.Parsing;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.model.Project;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.watch.Timekeeper;
import dev.jcompose.runtime.watch.UpWaiter;
import java.util.Optional;

/** {@code up}: makes what runs equal to what the project declares, and stays to show its output unless told not to. */
public final class UpCommand implements Command {
    private final Options options = new Options("Create and start containers");
    private final Flag detach = options.flag("Run containers in the background", "-d", "--detach");
    private final Flag await = options.flag("Wait until services run or are healthy; implies -d", "--wait");
    private final Count waitTimeout = options.number("SECONDS", "How long to wait at most", "--wait-timeout");
    private final Flag noStart = options.flag("Create containers without starting them", "--no-start");
    private final Flag noDependencies = options.flag("Leave alone the services these depend on", "--no-deps");
    private final Flag recreateDependencies =
            options.flag("Also recreate the services these depend on", "--always-recreate-deps");
    private final Flag renewVolumes =
            options.flag("Give recreated containers new anonymous volumes", "-V", "--renew-anon-volumes");
    private final Count timeout = options.number("SECONDS", "How long containers may take to stop", "-t", "--timeout");
    private final Flag quietBuild = options.flag("Show no progress of builds", "--quiet-build");
    private final ConvergeOptions converge = new ConvergeOptions(options);
    private final AttachOptions attach = new AttachOptions(options);
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectWork work;

    public UpCommand(ProjectWork work) {
        this.work = work;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        check();
        try (var backend = work.backends().get()) {
            var project = converge.withPullPolicy(work.load(backend, services.all()));
            var asked = converge.toUpOptions(services.all(), extent(project));
            var run =
                    new UpRun(work, backend, project, asked, new QuietImages(converge.quietPull(), quietBuild.isSet()));
            if (work.runner().isDry()) {
                run.showPlan(!noStart.isSet());
                return 0;
            }
            if (noStart.isSet() || background().isPresent()) {
                return inBackground(run, backend, project);
            }
            return run.attached(attach, Parsing.seconds(timeout.get()));
        }
    }

    private int inBackground(UpRun run, Backend backend, Project project) throws InterruptedException {
        var limit = Parsing.seconds(waitTimeout.get());
        if (limit.isPresent()) {
            run.converge(false);
            new WaitLimit(limit.get(), run::containers).keep(() -> {
                run.start();
                await(run, backend, project);
            });
        } else {
            run.converge(!noStart.isSet());
            if (await.isSet()) {
                await(run, backend, project);
            }
        }
        return 0;
    }

    private static void await(UpRun run, Backend backend, Project project) throws InterruptedException {
        new UpWaiter(backend.containers(), Timekeeper.system()).await(project, run.containers(), Optional.empty());
    }

    private void check() {
        converge.check();
        attach.check(background());
        if (recreateDependencies.isSet() && converge.keepsContainers()) {
            throw new UsageException("--always-recreate-deps and --no-recreate are incompatible");
        }
        if (noStart.isSet() && await.isSet()) {
            throw new UsageException("--no-start and --wait are incompatible");
        }
        if (waitTimeout.get().isPresent() && !await.isSet()) {
            throw new UsageException("--wait-timeout needs --wait");
        }
    }

    /** The flag that keeps this command from staying, if there is one. */
    private Optional<String> background() {
        if (detach.isSet()) {
            return Optional.of("--detach");
        }
        return await.isSet() ? Optional.of("--wait") : Optional.empty();
    }

    private Extent extent(Project project) {
        return new Extent(
                recreateDependencies.isSet(),
                !noDependencies.isSet(),
                renewVolumes.isSet(),
                work.isOn("COMPOSE_REMOVE_ORPHANS", Optional.of(project)),
                work.isOn("COMPOSE_IGNORE_ORPHANS", Optional.of(project)),
                Parsing.seconds(timeout.get()));
    }
}
