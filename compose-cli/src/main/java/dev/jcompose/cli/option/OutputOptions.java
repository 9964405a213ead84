package dev.jcompose.cli.option;

import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.ProgressMode;
import dev.jcompose.cli.output.Report.Look;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How to talk: what the flags, the environment, and the streams say together. */
public final class OutputOptions {
    private static final List<String> ANSI = List.of("never", "always", "auto");

    private OutputOptions() {}

    /** Flags win over COMPOSE_ANSI and COMPOSE_PROGRESS; NO_COLOR over both where colours are concerned. */
    public static Look look(GlobalOptions global, Console console) {
        var ansi = choice("--ansi", global.ansi().orElse(console.variable("COMPOSE_ANSI")), ANSI);
        var terminals = console.terminals();
        boolean control = ansi.equals("always") || (!ansi.equals("never") && terminals.err());
        boolean colours = console.variable("NO_COLOR").isEmpty();
        boolean colouredOutput = colours && (ansi.equals("always") || (!ansi.equals("never") && terminals.out()));
        return new Look(mode(global, console, control), colouredOutput, colours && control);
    }

    private static ProgressMode mode(GlobalOptions global, Console console, boolean control) {
        var names =
                Arrays.stream(ProgressMode.values()).map(OutputOptions::name).toList();
        var given = choice("--progress", global.progress().orElse(console.variable("COMPOSE_PROGRESS")), names);
        var mode = Arrays.stream(ProgressMode.values())
                .filter(value -> name(value).equals(given))
                .findFirst()
                .orElse(ProgressMode.AUTO);
        if (mode == ProgressMode.AUTO) {
            return control ? ProgressMode.TTY : ProgressMode.PLAIN;
        }
        return mode;
    }

    private static String choice(String flag, String given, List<String> allowed) {
        if (!given.isEmpty() && !allowed.contains(given)) {
            throw new UsageException("%s is one of %s, not \"%s\"".formatted(flag, String.join(", ", allowed), given));
        }
        return given;
    }

    private static String name(ProgressMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    /** Reads a variable that switches something on: {@code 1}, {@code true} and their like. */
    public static boolean isOn(Optional<String> variable) {
        return variable.map(value -> value.toLowerCase(Locale.ROOT))
                .filter(value -> value.equals("1") || value.equals("t") || value.equals("true"))
                .isPresent();
    }
}
