package dev.jcompose.cli;

import dev.jcompose.cli.option.UsageException;
import dev.jcompose.model.spec.Nearest;
import java.util.List;
import java.util.Set;

/** What is said about a command there is not. */
final class UnknownCommand {
    /** Commands of Docker Compose that are still to come: no guess at another word may stand in for them. */
    private static final Set<String> TO_COME = Set.of(
            "attach", "bridge", "commit", "convert", "cp", "events", "export", "pause", "publish", "rm", "run", "scale",
            "stats", "top", "unpause", "volumes", "wait", "watch");

    private UnknownCommand() {}

    static UsageException named(List<String> words) {
        var first = words.isEmpty() ? "" : words.getFirst();
        if (first.equals("image")) {
            return new UsageException("image needs one of: load, import, ls, pull, push, rm");
        }
        if (TO_COME.contains(first)) {
            return new UsageException(first + " is not supported yet\nsee jcompose --help");
        }
        var hint = Nearest.hint(first, CommandName.firstWords());
        return new UsageException("unknown command: " + first + hint + "\nsee jcompose --help");
    }
}
