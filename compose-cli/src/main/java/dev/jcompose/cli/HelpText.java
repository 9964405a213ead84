package dev.jcompose.cli;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The text of {@code --help}, in the shape of Docker's. */
record HelpText(String command, CommandSpec spec) {
    private static final int GAP = 3;

    /** What it is called with, what it does, and its options by name. */
    String text() {
        var arguments = spec.positionalParameters().stream()
                .map(positional -> " " + positional.paramLabel())
                .collect(joining());
        var description = String.join("\n", spec.usageMessage().description());
        return "Usage:  %s [OPTIONS]%s%n%n%s%n%nOptions:%n%s".formatted(command, arguments, description, options());
    }

    private String options() {
        var options = new ArrayList<>(spec.options());
        options.sort(Comparator.comparing(OptionSpec::longestName));
        int width = options.stream()
                .mapToInt(option -> names(option).length())
                .max()
                .orElse(0);
        return options.stream()
                .map(option -> "  " + pad(names(option), width + GAP) + String.join(" ", option.description()) + "\n")
                .collect(joining());
    }

    private static String names(OptionSpec option) {
        var names = Arrays.stream(option.names())
                .sorted(Comparator.comparingInt(String::length))
                .toList();
        var indent = names.getFirst().startsWith("--") ? "    " : "";
        var label = option.typeInfo().isBoolean() ? "" : " " + option.paramLabel();
        return indent + String.join(", ", names) + label;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    /** Two columns, for a list of commands. */
    static String columns(List<CommandName> names) {
        int width = names.stream().mapToInt(name -> name.words().length()).max().orElse(0);
        return names.stream()
                .map(name -> "  " + pad(name.words(), width + GAP) + name.description() + "\n")
                .collect(joining());
    }
}
