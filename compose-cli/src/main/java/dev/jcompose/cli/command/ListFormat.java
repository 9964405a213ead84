package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.UsageException;

/** How lists are printed. */
enum ListFormat {
    TABLE,
    JSON;

    static ListFormat of(Value option) {
        var text = option.or("table");
        return switch (text) {
            case "table" -> TABLE;
            case "json" -> JSON;
            default -> throw new UsageException("--format " + text + " is not known here: it is table or json");
        };
    }
}
