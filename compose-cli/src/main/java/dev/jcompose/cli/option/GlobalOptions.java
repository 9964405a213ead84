package dev.jcompose.cli.option;

import dev.jcompose.cli.option.Options.Count;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The options before the command: which project, and how to talk about it. */
public final class GlobalOptions {
    private final Options options =
            new Options("Define and run multi-container applications, without Docker").stopAtArguments();
    private final Values files =
            options.values("FILE", "Compose configuration files; - reads standard input", "-f", "--file");
    private final Value projectName = options.value("NAME", "Project name", "-p", "--project-name");
    private final Values profiles = options.values("NAME", "Enable a profile; * enables all", "--profile");
    private final Values envFiles =
            options.values("FILE", "Read variables from this file instead of .env", "--env-file");
    private final Value projectDirectory = options.value(
            "DIR", "Working directory of the project (default: that of the first Compose file)", "--project-directory");
    private final Value ansi = options.value("WHEN", "Control codes and colours: never, always, auto", "--ansi");
    private final Value progress = options.value("TYPE", "Progress: auto, tty, plain, json, quiet", "--progress");
    private final Count parallel = options.number("N", "Steps to run at once; -1 for no limit", "--parallel");
    private final Flag dryRun = options.flag("Show what would be done, and do nothing", "--dry-run");
    private final Flag debug = options.flag("Show stack traces of failures", "--debug");
    private final Flag version = options.flag("Show the version", "-v", "--version");
    private final Flag help = options.flag("Show this help", "-h", "--help");
    private final Values command = options.arguments("COMMAND");
    private boolean dryRunAfterCommand;

    public Options options() {
        return options;
    }

    public List<String> files() {
        return files.all();
    }

    public Optional<String> projectName() {
        return projectName.get();
    }

    public List<String> profiles() {
        return profiles.all();
    }

    public List<String> envFiles() {
        return envFiles.all();
    }

    public Optional<String> projectDirectory() {
        return projectDirectory.get();
    }

    public Optional<String> ansi() {
        return ansi.get();
    }

    public Optional<String> progress() {
        return progress.get();
    }

    public OptionalInt parallel() {
        return parallel.get();
    }

    public boolean dryRun() {
        return dryRunAfterCommand || dryRun.isSet();
    }

    /** The same flag given after the command. */
    public void requestDryRun() {
        dryRunAfterCommand = true;
    }

    public boolean debug() {
        return debug.isSet();
    }

    public boolean version() {
        return version.isSet();
    }

    public boolean help() {
        return help.isSet();
    }

    /** The command and everything after it. */
    public List<String> command() {
        return command.all();
    }
}
