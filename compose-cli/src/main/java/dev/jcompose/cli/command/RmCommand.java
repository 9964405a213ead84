package dev.jcompose.cli.command;

import static java.util.stream.Collectors.joining;

import dev.jcompose.cli.command.PlanRunner.Target;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.output.Console;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.planner.Action.RemoveContainer;
import dev.jcompose.planner.Plan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** {@code rm}: removes containers that do not run. */
public final class RmCommand implements Command {
    private final Options options = new Options("Remove stopped containers");
    private final Flag force = options.flag("Do not ask", "-f", "--force");
    private final Flag stop = options.flag("Stop the containers first", "-s", "--stop");
    private final Flag volumes = options.flag("Remove their anonymous volumes too", "-v", "--volumes");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectWork work;
    private final Console console;

    public RmCommand(ProjectWork work, Console console) {
        this.work = work;
        this.console = console;
        options.flag("No effect, for compatibility", "-a", "--all");
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        var selected = work.projects().select();
        try (var backend = work.backends().get()) {
            work.locked(backend, selected.name(), () -> {
                var observed = backend.observe(selected.name(), List.of());
                var plan = work.planner()
                        .remove(selected.project(), observed, services.all(), stop.isSet(), volumes.isSet());
                if (plan.steps().isEmpty()) {
                    work.report().tell("No stopped containers");
                } else if (work.runner().isDry() || isWanted(plan)) {
                    work.runner().run("rm", plan, new Target(backend, selected.project(), observed));
                }
            });
        }
        return 0;
    }

    private boolean isWanted(Plan plan) {
        var names = plan.steps().stream()
                .flatMap(step -> step.action() instanceof RemoveContainer remove
                        ? Stream.of(remove.name())
                        : Stream.<String>empty())
                .collect(joining(", "));
        work.report().tell("Going to remove " + names);
        return force.isSet() || isConfirmed();
    }

    /** The end of the input is a no. */
    private boolean isConfirmed() {
        console.err().print("Are you sure? [yN] ");
        console.flush();
        try {
            var answer = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8)).readLine();
            var word = answer == null ? "" : answer.strip().toLowerCase(Locale.ROOT);
            return word.equals("y") || word.equals("yes");
        } catch (IOException e) {
            throw new ComposeException("cannot read your answer: " + e.getMessage(), e);
        }
    }
}
