package dev.jcompose.cli.command;

import dev.jcompose.cli.command.PlanRunner.Target;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.ProjectSelection.Selected;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.planner.DownOptions;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.watch.EndWaiter;
import dev.jcompose.runtime.watch.Exit;
import dev.jcompose.runtime.watch.Timekeeper;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code wait}: waits until the containers of services have ended, and ends with the exit code of the last one. */
public final class WaitCommand implements Command {
    private final Options options = new Options("Wait until the containers of services have ended");
    private final Flag down = options.flag("Take the project down then", "--down-project");
    private final Values services = options.arguments("SERVICE [SERVICE...]");

    private final ProjectWork work;

    public WaitCommand(ProjectWork work) {
        this.work = work;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (services.all().isEmpty()) {
            throw new UsageException("wait wants a service: jcompose wait SERVICE [SERVICE...]");
        }
        var selected = work.projects().select();
        try (var backend = work.backends().get()) {
            var observed = backend.observe(selected.name(), List.of());
            var running = ServiceNames.containers(services.all(), selected, observed).stream()
                    .filter(ObservedContainer::isRunning)
                    .toList();
            if (running.isEmpty()) {
                throw new ComposeException("no containers for project \"" + selected.name() + "\"");
            }
            var code = new AtomicInteger();
            new EndWaiter(backend.containers(), Timekeeper.system()).await(running, exit -> code.set(tell(exit)));
            if (down.isSet()) {
                takeDown(backend, selected);
            }
            return code.get();
        }
    }

    private int tell(Exit exit) {
        work.report()
                .print("container \"%s\" exited with status code %d"
                        .formatted(exit.container().id(), exit.code()));
        return exit.code();
    }

    private void takeDown(Backend backend, Selected selected) throws InterruptedException {
        work.locked(backend, selected.name(), () -> {
            var observed = backend.observe(selected.name(), List.of());
            var options = new DownOptions(List.of(), false, false, Optional.empty());
            var plan = work.planner().down(selected.project(), observed, options);
            work.runner().run("down", plan, new Target(backend, selected.project(), observed));
        });
    }
}
