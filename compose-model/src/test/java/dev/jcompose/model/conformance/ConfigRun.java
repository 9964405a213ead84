package dev.jcompose.model.conformance;

import dev.jcompose.model.load.ComposeProjectLoader;
import dev.jcompose.model.load.LoadOptions;
import dev.jcompose.model.load.LoadRequest;
import dev.jcompose.model.problem.ComposeException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One {@code config} command line, run inside this process. */
final class ConfigRun {
    private static final Set<String> WITH_VALUE = Set.of(
            "-f",
            "--file",
            "-p",
            "--project-name",
            "--profile",
            "--env-file",
            "--project-directory",
            "--workdir",
            "--format",
            "--hash",
            "-o",
            "--output");

    private final Map<String, List<String>> values = new HashMap<>();
    private final Set<String> flags = new HashSet<>();
    private final List<String> services = new ArrayList<>();

    /** What a run printed, or why it failed. */
    record Outcome(int exitCode, String output, String errors) {}

    private ConfigRun(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            if (equals > 0) {
                add(argument.substring(0, equals), argument.substring(equals + 1));
            } else if (WITH_VALUE.contains(argument)) {
                add(argument, arguments.get(++i));
            } else if (argument.startsWith("-") && !argument.equals("-")) {
                flags.add(argument);
            } else if (!argument.equals("config")) {
                services.add(argument);
            }
        }
    }

    private void add(String key, String value) {
        values.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
    }

    private List<String> all(String shortName, String longName) {
        var found = new ArrayList<>(values.getOrDefault(shortName, List.of()));
        found.addAll(values.getOrDefault(longName, List.of()));
        return found;
    }

    private Optional<String> one(String shortName, String longName) {
        return all(shortName, longName).stream().findFirst();
    }

    static Outcome run(List<String> arguments, Path directory, Map<String, String> environment, String stdin) {
        try {
            return new Outcome(0, new ConfigRun(arguments).print(directory, environment, stdin), "");
        } catch (ComposeException e) {
            return new Outcome(1, "", String.valueOf(e.getMessage()));
        }
    }

    private LoadRequest request(Path directory, Map<String, String> environment, String stdin) {
        return new LoadRequest(
                directory,
                environment,
                new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                all("-f", "--file"),
                one("-p", "--project-name"),
                one("--workdir", "--project-directory"),
                all("--profile", "--profile"),
                all("--env-file", "--env-file"),
                new LoadOptions(
                        !flags.contains("--no-interpolate"),
                        !flags.contains("--no-normalize"),
                        !flags.contains("--no-path-resolution"),
                        !flags.contains("--no-consistency"),
                        !flags.contains("--no-env-resolution")));
    }

    private String print(Path directory, Map<String, String> environment, String stdin) {
        var request = request(directory, environment, stdin);
        var loader = new ComposeProjectLoader();
        if (flags.contains("--variables")) {
            return variables(loader, request);
        }
        if (values.containsKey("--hash")) {
            return hashes(loader, request);
        }
        if (flags.contains("--environment")) {
            var out = new StringBuilder();
            loader.load(request)
                    .environment()
                    .forEach((key, value) ->
                            out.append(key).append('=').append(value).append('\n'));
            return out.toString();
        }
        for (var kind : List.of("services", "volumes", "networks")) {
            if (flags.contains("--" + kind)) {
                return lines(loader.outline(request).keys(kind));
            }
        }
        if (flags.contains("--profiles")) {
            return lines(loader.outline(request).profiles());
        }
        if (flags.contains("--models")) {
            return lines(loader.outline(request).models());
        }
        var document = loader.document(request, services);
        if (flags.contains("-q") || flags.contains("--quiet")) {
            return "";
        }
        if (flags.contains("--images")) {
            return lines(document.images());
        }
        var format = one("--format", "--format").orElse("yaml");
        return switch (format) {
            case "json" -> document.json();
            case "yaml" -> document.yaml();
            default -> throw new ComposeException("unsupported format \"" + format + "\"");
        };
    }

    private static String lines(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }

    private String hashes(ComposeProjectLoader loader, LoadRequest request) {
        var project = loader.load(request);
        var wanted = one("--hash", "--hash").orElse("*");
        var names = wanted.equals("*") ? List.copyOf(project.services().keySet()) : List.of(wanted.split(","));
        var out = new StringBuilder();
        for (var name : names) {
            var service = project.services().get(name);
            if (service == null) {
                throw new ComposeException("no such service: " + name);
            }
            out.append(name).append(' ').append(service.configHash()).append('\n');
        }
        return out.toString();
    }

    private String variables(ComposeProjectLoader loader, LoadRequest request) {
        if (one("--format", "--format").orElse("").equals("json")) {
            var out = new StringBuilder("{");
            for (var use : loader.variables(request)) {
                out.append(out.length() == 1 ? "" : ",")
                        .append("\"%s\":{\"Name\":\"%s\",\"Required\":%s,\"DefaultValue\":%s,\"PresenceValue\":%s}"
                                .formatted(
                                        use.name(),
                                        use.name(),
                                        use.required(),
                                        quoted(use.defaultValue()),
                                        quoted(use.alternateValue())));
            }
            return out.append('}').toString();
        }
        var out = new StringBuilder("NAME  REQUIRED  DEFAULT VALUE  ALTERNATE VALUE\n");
        for (var use : loader.variables(request)) {
            out.append(use.name())
                    .append("  ")
                    .append(use.required())
                    .append("  ")
                    .append(use.defaultValue())
                    .append("  ")
                    .append(use.alternateValue())
                    .append('\n');
        }
        return out.toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
