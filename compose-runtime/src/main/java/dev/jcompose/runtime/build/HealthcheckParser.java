package dev.jcompose.runtime.build;

import dev.jcompose.model.Healthcheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads {@code HEALTHCHECK [flags] CMD command} and {@code HEALTHCHECK NONE}. */
final class HealthcheckParser {
    private static final Set<String> FLAGS = Set.of("interval", "timeout", "start-period", "start-interval", "retries");
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|us|µs|ns|h|m|s)");

    private HealthcheckParser() {}

    static Instruction parse(Place place, String text, String rest, Function<String, Command> command) {
        var flags = Flags.of(place, rest, FLAGS);
        var parts = flags.rest().split("\\s+", 2);
        var kind = parts[0].toUpperCase(Locale.ROOT);
        if (kind.equals("NONE")) {
            return new Instruction.Health(place, text, check(List.of("NONE"), place, flags), Optional.empty());
        }
        if (!kind.equals("CMD") || parts.length < 2) {
            throw new BuildException(place, "HEALTHCHECK needs NONE or CMD and a command");
        }
        var probe = command.apply(parts[1].strip());
        var test = switch (probe) {
            case Command.Exec exec -> prefixed("CMD", exec.arguments());
            case Command.Shell shell -> List.of("CMD-SHELL", shell.text());
        };
        return new Instruction.Health(place, text, check(test, place, flags), Optional.of(probe));
    }

    private static List<String> prefixed(String first, List<String> rest) {
        var all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return List.copyOf(all);
    }

    private static Healthcheck check(List<String> test, Place place, Flags flags) {
        var retries = flags.value("retries").map(text -> retries(place, text));
        return new Healthcheck(
                test,
                duration(place, flags, "interval"),
                duration(place, flags, "timeout"),
                retries.isPresent() ? OptionalInt.of(retries.get()) : OptionalInt.empty(),
                duration(place, flags, "start-period"),
                duration(place, flags, "start-interval"),
                test.equals(List.of("NONE")));
    }

    private static int retries(Place place, String text) {
        if (!text.matches("[0-9]{1,6}")) {
            throw new BuildException(place, "--retries=" + text + " is not a number");
        }
        return Integer.parseInt(text);
    }

    private static Optional<Duration> duration(Place place, Flags flags, String name) {
        return flags.value(name).map(text -> {
            if (!text.matches("(" + PART.pattern() + ")+")) {
                throw new BuildException(place, "--" + name + "=" + text + " is not a duration (like 90s, 1m30s)");
            }
            var total = Duration.ZERO;
            var matcher = PART.matcher(text);
            while (matcher.find()) {
                total = total.plusNanos((long) (Double.parseDouble(matcher.group(1)) * nanos(matcher.group(2))));
            }
            return total;
        });
    }

    private static double nanos(String unit) {
        return switch (unit) {
            case "h" -> 3600e9;
            case "m" -> 60e9;
            case "s" -> 1e9;
            case "ms" -> 1e6;
            case "ns" -> 1;
            default -> 1e3;
        };
    }
}
