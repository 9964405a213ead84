package dev.jcompose.model.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The cases and vectors of the conformance data, run in scratch directories. */
final class ConformanceData {
    private final Path data;
    private final Path scratch;

    ConformanceData(Path data, Path scratch) {
        this.data = data;
        this.scratch = scratch;
    }

    /** One run and why it disagrees; blank when it agrees. */
    record Result(String name, String disagreement) {}

    List<Result> cases() throws IOException {
        var results = new ArrayList<Result>();
        try (var directories = Files.list(data.resolve("cases"))) {
            for (var directory : directories.sorted().toList()) {
                results.addAll(runCase(directory));
            }
        }
        return results;
    }

    List<Result> vectors() throws IOException {
        var results = new ArrayList<Result>();
        try (var files = Files.list(data.resolve("vectors"))) {
            for (var file : files.filter(one -> one.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList()) {
                for (var line : Files.readAllLines(file)) {
                    results.add(runVector(map(Documents.read(line))));
                }
            }
        }
        return results;
    }

    private List<Result> runCase(Path directory) throws IOException {
        var description = map(Documents.read(Files.readString(directory.resolve("case.json"))));
        var results = new ArrayList<Result>();
        for (var item : list(description.get("runs"))) {
            var run = map(item);
            var id = String.valueOf(run.get("id"));
            var stem = "expected" + (id.equals("config") ? "" : "." + id);
            var expected = Stream.of(".v5", "")
                    .flatMap(version ->
                            Stream.of("json", "yaml", "txt", "error").map(kind -> stem + version + "." + kind))
                    .map(directory::resolve)
                    .filter(Files::exists)
                    .findFirst();
            if (expected.isPresent()) {
                var environment = new HashMap<>(texts(description.get("env")));
                environment.putAll(texts(run.get("env")));
                var disagreement = inProject(
                        directory, Map.of(), environment, run, outcome -> judge(run, expected.get(), outcome));
                results.add(new Result(directory.getFileName() + " " + id, disagreement));
            }
        }
        return results;
    }

    private Result runVector(Map<?, ?> vector) throws IOException {
        var files = texts(vector.get("files"));
        var disagreement =
                inProject(scratch, files, texts(vector.get("env")), vector, outcome -> judge(vector, outcome));
        return new Result(String.valueOf(vector.get("id")), disagreement);
    }

    private interface Judge {
        String judge(ConfigRun.Outcome outcome) throws IOException;
    }

    private String inProject(
            Path source, Map<String, String> files, Map<String, String> variables, Map<?, ?> run, Judge judge)
            throws IOException {
        var place = Files.createTempDirectory(scratch, "run");
        var project = Files.createDirectories(place.resolve("project"));
        var home = Files.createDirectories(place.resolve("home"));
        try {
            if (files.isEmpty() && !source.equals(scratch)) {
                copy(source, project);
            }
            for (var file : files.entrySet()) {
                var target = project.resolve(file.getKey());
                Files.createDirectories(Optional.ofNullable(target.getParent()).orElse(project));
                Files.writeString(target, file.getValue());
            }
            var directory = run.get("cwd") instanceof String below ? project.resolve(below) : project;
            var environment =
                    new HashMap<>(Map.of("HOME", home.toString(), "PWD", directory.toString(), "PATH", "/bin"));
            variables.forEach(
                    (key, value) -> environment.put(key, value.replace("${PROJECT_DIR}", project.toString())));
            var arguments = list(run.get("args")).stream()
                    .map(argument -> String.valueOf(argument).replace("${PROJECT_DIR}", project.toString()))
                    .toList();
            var stdin = run.get("stdin") instanceof String text ? text : "";
            return judge.judge(normal(ConfigRun.run(arguments, directory, environment, stdin), place));
        } catch (RuntimeException e) {
            var at = e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
            return "crashed: " + e + at;
        } finally {
            delete(place);
        }
    }

    private static ConfigRun.Outcome normal(ConfigRun.Outcome outcome, Path place) {
        return new ConfigRun.Outcome(
                outcome.exitCode(), normal(outcome.output(), place), normal(outcome.errors(), place));
    }

    private static String normal(String text, Path place) {
        return text.replace(place + "/project", "${PROJECT_DIR}")
                .replace(place + "/home", "${HOME}")
                .replace(place.toString(), "${PROJECT_PARENT}");
    }

    private static String judge(Map<?, ?> run, Path expected, ConfigRun.Outcome outcome) throws IOException {
        var want = Files.readString(expected);
        var file = String.valueOf(expected.getFileName());
        if (file.endsWith(".error")) {
            return judgeError(run, want, outcome);
        }
        if (outcome.exitCode() != 0) {
            return "fails: " + outcome.errors();
        }
        if (file.endsWith(".txt")) {
            boolean environment = list(run.get("args")).contains("--environment");
            return lines(outcome.output(), environment).equals(lines(want, environment))
                    ? ""
                    : "text differs: got " + lines(outcome.output(), environment) + " want " + lines(want, environment);
        }
        return Documents.difference(
                Documents.tidy(Documents.read(outcome.output())), Documents.tidy(Documents.read(want)), "");
    }

    private static String judgeError(Map<?, ?> run, String want, ConfigRun.Outcome outcome) {
        if (outcome.exitCode() == 0) {
            return "succeeds, expected: " + map(Documents.read(want)).get("message");
        }
        if (!(run.get("messageVaries") instanceof Boolean varies && varies)) {
            for (var word : list(run.get("mention"))) {
                if (!outcome.errors()
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains(String.valueOf(word).toLowerCase(java.util.Locale.ROOT))) {
                    return "message lacks \"" + word + "\": " + outcome.errors();
                }
            }
        }
        return "";
    }

    private static String judge(Map<?, ?> vector, ConfigRun.Outcome outcome) {
        boolean newer = vector.containsKey("expectedV5");
        boolean error = vector.containsKey("errorV5") || (vector.containsKey("error") && !newer);
        if (error) {
            return outcome.exitCode() == 0 ? "succeeds, expected an error; " + vector.get("input") : "";
        }
        if (outcome.exitCode() != 0) {
            return "fails: " + outcome.errors();
        }
        var want = newer ? vector.get("expectedV5") : vector.get("expected");
        var got = Documents.pick(Documents.read(outcome.output()), String.valueOf(vector.get("pick")));
        var difference = Documents.difference(Documents.tidy(got), Documents.tidy(want == null ? "<null>" : want), "");
        return difference.isEmpty() ? "" : difference + " for " + vector.get("input");
    }

    private static List<String> lines(String text, boolean environment) {
        return text.lines()
                .map(line -> line.stripTrailing().replaceAll("\\s{2,}", "  "))
                .filter(line -> !line.isBlank())
                .filter(line -> !environment
                        || Stream.of("PATH=", "HOME=", "PWD=", "DOCKER_CONFIG=", "DOCKER_HOST=")
                                .noneMatch(line::startsWith))
                .sorted()
                .toList();
    }

    private static Map<?, ?> map(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static Map<String, String> texts(@org.jspecify.annotations.Nullable Object value) {
        var texts = new HashMap<String, String>();
        map(value).forEach((key, text) -> {
            var plain = String.valueOf(text);
            texts.put(
                    String.valueOf(key),
                    plain.startsWith("#") && !(text instanceof String one && one.contains(" "))
                            ? plain.substring(1)
                            : plain);
        });
        return texts;
    }

    private static void copy(Path source, Path target) throws IOException {
        try (var tree = Files.walk(source)) {
            for (var file : tree.toList()) {
                var relative = source.relativize(file).toString();
                boolean description = relative.equals("case.json") || relative.startsWith("expected.");
                if (!relative.isEmpty() && !description) {
                    Files.copy(file, target.resolve(relative), java.nio.file.LinkOption.NOFOLLOW_LINKS);
                    if (Files.isDirectory(target.resolve(relative), java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                        target.resolve(relative).toFile().setWritable(true);
                    }
                }
            }
        }
    }

    private static void delete(Path directory) {
        try (var tree = Files.walk(directory)) {
            for (var file : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
