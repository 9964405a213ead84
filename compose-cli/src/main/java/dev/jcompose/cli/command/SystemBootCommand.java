package dev.jcompose.cli.command;

import dev.jcompose.cli.command.PlanRunner.Target;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.BootUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code system boot}: what becomes of containers when the machine starts again. */
public final class SystemBootCommand implements Command {
    private final Options options = new Options("Bring containers back after a reboot, by their restart policies");
    private final Values words = options.arguments("enable|disable|status|start");

    private final ProjectWork work;

    public SystemBootCommand(ProjectWork work) {
        this.work = work;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        var word = words.all().size() == 1 ? words.all().getFirst() : "";
        if (work.runner().isDry() && !word.equals("start")) {
            throw new UsageException(
                    "system boot " + word + " has no --dry-run: it cannot be shown without being done");
        }
        return switch (word) {
            case "enable" -> enable();
            case "disable" -> disable();
            case "status" -> status();
            case "start" -> start();
            default -> throw new UsageException("system boot wants one of enable, disable, status, start");
        };
    }

    private int enable() throws InterruptedException {
        var unit = new BootUnit(work.environment());
        work.report().print("installed " + unit.enable());
        unit.advice().ifPresent(work.report()::tell);
        return 0;
    }

    private int disable() throws InterruptedException {
        new BootUnit(work.environment()).disable();
        return 0;
    }

    private int status() {
        work.report().print(new BootUnit(work.environment()).status());
        return 0;
    }

    /** One project that does not come back keeps no other from it. */
    private int start() throws InterruptedException {
        int failed = 0;
        try (var backend = work.backends().get()) {
            for (var project : backend.projects()) {
                try {
                    resume(backend, project);
                } catch (BackendException e) {
                    work.report().tell("project \"" + project + "\": " + e.getMessage());
                    failed = 1;
                }
            }
        }
        return failed;
    }

    private void resume(Backend backend, String project) throws InterruptedException {
        work.locked(backend, project, () -> {
            var observed = backend.observe(project, List.of());
            Set<String> resumed = observed.containers().stream()
                    .map(ObservedContainer::id)
                    .filter(backend.containers()::resumes)
                    .collect(Collectors.toSet());
            if (!resumed.isEmpty()) {
                var plan = work.planner().resume(observed, resumed);
                work.runner().run("start", plan, new Target(backend, Optional.empty(), observed));
            }
        });
    }
}
