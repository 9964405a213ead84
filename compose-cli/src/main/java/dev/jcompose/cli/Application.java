package dev.jcompose.cli;

import dev.jcompose.cli.command.Command;
import dev.jcompose.cli.option.GlobalOptions;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.OutputClosedException;
import dev.jcompose.model.problem.ComposeException;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** One run of jcompose: arguments in, exit code out. Only the command in use is ever instantiated. */
final class Application {
    private final Console console;
    private final Outside outside;
    private final GlobalOptions global = new GlobalOptions();

    Application(Console console, Outside outside) {
        this.console = console;
        this.outside = outside;
    }

    /** Runs the command the arguments name; reports whatever goes wrong. */
    int run(List<String> arguments) {
        try {
            return dispatch(arguments);
        } catch (Exception e) { // the one handler of the command line: every failure ends here
            return report(e);
        }
    }

    private int dispatch(List<String> arguments) throws Exception {
        var syntax = new Syntax(console);
        syntax.parseGlobal(global, arguments);
        var words = global.command();
        if (global.version()) {
            words = List.of(CommandName.VERSION.words());
        } else if (global.help() || words.isEmpty() || words.equals(List.of("help"))) {
            syntax.printOverview(global);
            return ExitCodes.DONE;
        }
        if (words.getFirst().equals(Training.COMMAND)) {
            return new Training(console.environment()).run();
        }
        return runCommand(syntax, words);
    }

    private int runCommand(Syntax syntax, List<String> words) throws Exception {
        boolean help = words.getFirst().equals("help");
        var asked = help ? words.subList(1, words.size()) : words;
        var name = CommandName.of(asked).orElseThrow(() -> UnknownCommand.named(asked));
        Command command = new Wiring(console, global, outside).command(name);
        if (help) {
            syntax.printUsage(name, command);
            return ExitCodes.DONE;
        }
        var rest = asked.subList(name.length(), asked.size());
        if (!syntax.parse(name, command, global, rest)) {
            return ExitCodes.DONE;
        }
        if (global.dryRun() && name.actsWithoutPlan()) {
            throw new UsageException(name.words() + " has no --dry-run: it cannot be shown without being done");
        }
        return command.call();
    }

    private int report(Exception failure) {
        var cause = failure instanceof ExecutionException && failure.getCause() instanceof Exception inner
                ? inner
                : failure;
        console.out().flush();
        if (ExitCodes.isInterruption(cause)) {
            console.err().println("canceled");
        } else {
            explain(cause);
        }
        if (global.debug()) {
            cause.printStackTrace(console.err());
        }
        return ExitCodes.of(cause);
    }

    private void explain(Exception cause) {
        switch (cause) {
            case OutputClosedException ignored -> {}
            case UsageException usage -> console.err().println(usage.getMessage());
            case ComposeException known -> console.err().println(known.getMessage());
            default -> console.err().println("internal error: " + cause + hint());
        }
    }

    private String hint() {
        return global.debug()
                ? ""
                : "\nthis is a defect of jcompose; --debug before the command shows where it happened";
    }
}
