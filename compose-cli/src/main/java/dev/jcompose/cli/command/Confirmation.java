package dev.jcompose.cli.command;

import dev.jcompose.cli.output.Console;
import dev.jcompose.model.problem.ComposeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Asks before something is lost, in the words of Docker. */
final class Confirmation {
    private final Console console;

    Confirmation(Console console) {
        this.console = console;
    }

    /** Goes on only after a yes; everything else, and the end of the input, cancels the command. */
    void ask(String warning, String command) {
        console.out().println("WARNING! " + warning);
        console.out().print("Are you sure you want to continue? [y/N] ");
        console.flush();
        if (!answer().strip().toLowerCase(Locale.ROOT).matches("y(es)?")) {
            throw new ComposeException(command + " has been cancelled; --force does not ask");
        }
    }

    private String answer() {
        try {
            var line = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            return "";
        }
    }
}
