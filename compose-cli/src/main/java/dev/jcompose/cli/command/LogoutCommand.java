package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.runtime.registry.Registries;
import java.util.function.Supplier;

/** {@code logout}: forgets the login for a registry. */
public final class LogoutCommand implements Command {
    private final Options options = new Options("Log out from a registry; Docker Hub when none is named");
    private final Values words = options.arguments("[SERVER]");

    private final Supplier<Registries> registries;
    private final Console console;

    public LogoutCommand(Supplier<Registries> registries, Console console) {
        this.registries = registries;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (words.all().size() > 1) {
            throw new UsageException("logout wants one registry at most: jcompose logout [SERVER]");
        }
        var server = words.all().stream().findFirst().orElse("");
        var name = Registries.registry(server);
        boolean there = registries.get().logout(server);
        console.out().println(there ? "Removed the login for " + name : "Not logged in to " + name);
        return 0;
    }
}
