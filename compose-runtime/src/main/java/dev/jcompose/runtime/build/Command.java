package dev.jcompose.runtime.build;

import java.util.ArrayList;
import java.util.List;

/** A command in one of the two forms of a Dockerfile. */
public sealed interface Command {
    /** {@code ["program", "argument"]}: run as it is. */
    record Exec(List<String> arguments) implements Command {
        public Exec {
            arguments = List.copyOf(arguments);
        }
    }

    /** Text for the image's shell. */
    record Shell(String text) implements Command {}

    /** The argument vector, given the image's shell. */
    default List<String> arguments(List<String> shell) {
        return switch (this) {
            case Exec exec -> exec.arguments();
            case Shell text -> {
                var all = new ArrayList<>(shell);
                all.add(text.text());
                yield List.copyOf(all);
            }
        };
    }
}
