package dev.jcompose.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.runtime.registry.Registries;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code login}: checks a user name and password with a registry and remembers them. */
public final class LoginCommand implements Command {
    private static final int MAX_PASSWORD = 64 << 10;

    private final Options options = new Options("Log in to a registry; Docker Hub when none is named");
    private final Value user = options.value("USER", "User name", "-u", "--username");
    private final Value password = options.value(
            "PASSWORD", "Password; others see it in lists of processes: see the next", "-p", "--password");
    private final Flag passwordInput = options.flag("Read the password from standard input", "--password-stdin");
    private final Values words = options.arguments("[SERVER]");

    private final Supplier<Registries> registries;
    private final Console console;

    public LoginCommand(Supplier<Registries> registries, Console console) {
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
            throw new UsageException("login wants one registry at most: jcompose login [SERVER]");
        }
        if (passwordInput.isSet() && password.get().isPresent()) {
            throw new UsageException("--password and --password-stdin are incompatible");
        }
        if (passwordInput.isSet() && user.get().isEmpty()) {
            throw new UsageException("--password-stdin needs --username");
        }
        if (password.get().isPresent()) {
            warn("a password on the command line is seen by other users: use --password-stdin");
        }
        var server = words.all().stream().findFirst().orElse("");
        var name = user.get().orElseGet(this::askUser);
        var file = registries.get().login(server, name, password());
        file.ifPresent(path -> warn("the password is kept in " + path
                + ", where it is not encrypted; a credential helper" + " (credsStore) keeps it better"));
        console.out().println("Login Succeeded");
        return 0;
    }

    private void warn(String text) {
        console.err().println("warning: " + text);
    }

    private String password() {
        if (passwordInput.isSet()) {
            return readInput();
        }
        return password.get().orElseGet(this::askPassword);
    }

    private String readInput() {
        try {
            var bytes = console.in().readNBytes(MAX_PASSWORD);
            return new String(bytes, UTF_8).replaceFirst("\\r?\\n\\z", "");
        } catch (IOException e) {
            throw new ComposeException("cannot read the password from standard input: " + e.getMessage(), e);
        }
    }

    private String askUser() {
        return answered(terminal().readLine("Username: "));
    }

    private String askPassword() {
        char @Nullable [] typed = terminal().readPassword("Password: ");
        return answered(typed == null ? null : new String(typed));
    }

    private static String answered(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            throw new ComposeException("nothing was entered");
        }
        return text;
    }

    private java.io.Console terminal() {
        var terminal = console.terminals().in() ? System.console() : null;
        if (terminal == null) {
            throw new UsageException("there is no terminal to ask on: use --username and --password-stdin");
        }
        return terminal;
    }
}
