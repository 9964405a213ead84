package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Count;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.ProjectSelection;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.ExecRequest;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** {@code exec}: runs a command in a running container of a service. */
public final class ExecCommand implements Command {
    private final Options options = new Options("Run a command in a running container").stopAtArguments();
    private final Flag detach = options.flag("Leave the command running and return", "-d", "--detach");
    private final Values environment = options.values("KEY=VALUE", "Set a variable", "-e", "--env");
    private final Count index = options.number("N", "Which container of the service, from 1", "--index");
    private final Flag noTty =
            options.flag("No terminal (default: one when standard input is one)", "-T", "--no-tty", "--no-TTY");
    private final Flag interactive = options.flagOnByDefault("Pass standard input on", "-i", "--interactive");
    private final Flag tty = options.flagOnByDefault("Give it a terminal", "-t", "--tty");
    private final Flag privileged = options.flag("Give it all capabilities", "--privileged");
    private final Value user = options.value("USER", "Run as this user", "-u", "--user");
    private final Value workingDir = options.value("DIR", "Run in this directory", "-w", "--workdir");
    private final Values words = options.arguments("SERVICE COMMAND [ARGUMENT...]");

    private final ProjectSelection projects;
    private final Supplier<Backend> backends;
    private final Console console;

    public ExecCommand(ProjectSelection projects, Supplier<Backend> backends, Console console) {
        this.projects = projects;
        this.backends = backends;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (words.all().size() < 2) {
            throw new UsageException("exec wants a service and a command: jcompose exec SERVICE COMMAND [ARGUMENT...]");
        }
        var selected = projects.select();
        try (var backend = backends.get()) {
            var container = RunningContainer.of(backend, selected, words.all().getFirst(), index.get());
            return backend.containers().exec(container.id(), request());
        }
    }

    private ExecRequest request() {
        boolean terminal = tty.isSet()
                && !noTty.isSet()
                && !detach.isSet()
                && console.terminals().in();
        return new ExecRequest(
                words.all().subList(1, words.all().size()),
                environment.all().stream().flatMap(this::withValue).toList(),
                user.get(),
                workingDir.get(),
                terminal,
                interactive.isSet() && !detach.isSet(),
                detach.isSet(),
                privileged.isSet());
    }

    /** A variable without a value gets that of our own environment, or is left out. */
    private Stream<String> withValue(String variable) {
        if (variable.contains("=")) {
            return Stream.of(variable);
        }
        var value = console.environment().get(variable);
        return value == null ? Stream.empty() : Stream.of(variable + "=" + value);
    }
}
