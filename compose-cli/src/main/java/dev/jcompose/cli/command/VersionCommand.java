package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.Json;

/** {@code version}: which jcompose this is. */
public final class VersionCommand implements Command {
    private final Options options = new Options("Show the version");
    private final Flag brief = options.flag("Only the number", "--short");
    private final Value format = options.value("FORMAT", "pretty or json", "-f", "--format");

    private final Console console;
    private final String version;

    public VersionCommand(Console console, String version) {
        this.console = console;
        this.version = version;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        console.out().println(text());
        return 0;
    }

    private String text() {
        if (format.or("").equals("json")) {
            return Json.object("version", version);
        }
        return brief.isSet() ? version : "jcompose version " + version;
    }
}
