package dev.jcompose.cli;

import dev.jcompose.cli.command.Command;
import dev.jcompose.cli.option.GlobalOptions;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.model.spec.Nearest;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reads arguments into option objects and prints their help; with {@link dev.jcompose.cli.option.Options} all that knows picocli. */
final class Syntax {
    private static final String PROGRAM = "jcompose";
    private static final String DRY_RUN = "--dry-run";

    private final Console console;

    Syntax(Console console) {
        // converters we do not use: looking for them all would load the java.time and java.sql packages
        System.setProperty("picocli.converters.excludes", ".*");
        this.console = console;
    }

    /** Reads the options before the command; what follows stays unread. */
    void parseGlobal(GlobalOptions global, List<String> arguments) {
        parse(new CommandLine(global.options().spec(), Options.LISTS), PROGRAM, arguments);
    }

    /** Reads a command's own arguments; false when only its help was asked for, which is printed. */
    boolean parse(CommandName name, Command command, GlobalOptions global, List<String> arguments) {
        var line = commandLine(command);
        var result = parse(line, program(name), arguments);
        if (result.isUsageHelpRequested()) {
            console.out().print(new HelpText(program(name), line.getCommandSpec()).text());
            return false;
        }
        if (result.hasMatchedOption(DRY_RUN)) {
            global.requestDryRun();
        }
        return true;
    }

    void printUsage(CommandName name, Command command) {
        var spec = commandLine(command).getCommandSpec();
        console.out().print(new HelpText(program(name), spec).text());
    }

    /** The command's own options, and those every command has. */
    private static CommandLine commandLine(Command command) {
        var spec = command.options().spec();
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help")
                .build());
        spec.addOption(OptionSpec.builder(DRY_RUN)
                .description("Show what would be done, and do nothing")
                .build());
        return new CommandLine(spec, Options.LISTS);
    }

    void printOverview(GlobalOptions global) {
        var out = console.out();
        out.print(new HelpText(PROGRAM, global.options().spec()).text());
        out.println("\nCommands:");
        out.print(HelpText.columns(List.of(CommandName.values())));
        out.println("\nRun 'jcompose COMMAND --help' for more about a command.");
    }

    private static String program(CommandName name) {
        return PROGRAM + " " + name.words();
    }

    private static CommandLine.ParseResult parse(CommandLine line, String program, List<String> arguments) {
        line.setOverwrittenOptionsAllowed(true);
        try {
            return line.parseArgs(arguments.toArray(String[]::new));
        } catch (UnmatchedArgumentException e) {
            throw new UsageException(unmatched(line, e.getUnmatched().getFirst()) + see(program));
        } catch (ParameterException e) {
            throw new UsageException(e.getMessage() + see(program));
        }
    }

    private static String unmatched(CommandLine line, String word) {
        if (!word.startsWith("-")) {
            return "unexpected argument: " + word;
        }
        int value = word.indexOf('=');
        var flag = value < 0 ? word : word.substring(0, value);
        var known = line.getCommandSpec().optionsMap().keySet();
        return "unknown flag: " + flag + Nearest.hint(flag, known);
    }

    private static String see(String program) {
        return "\nsee " + program + " --help";
    }
}
