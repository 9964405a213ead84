package dev.jcompose.cli.scenario;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the packaged application in a directory, with state of its own. */
final class Jcompose {
    private static final long LIMIT_SECONDS = 120;

    private final Path directory;
    private final Path home;
    private final Map<String, String> environment;
    private final List<String> wrapper;

    Jcompose(Path directory, Path home) {
        this(directory, home, List.of());
    }

    private Jcompose(Path directory, Path home, List<String> wrapper) {
        this.wrapper = wrapper;
        this.directory = directory;
        this.home = home;
        this.environment = Map.of(
                "JCOMPOSE_STATE_DIR", home.resolve("state").toString(),
                "JCOMPOSE_RUN_DIR", home.resolve("run").toString(),
                "XDG_CACHE_HOME", home.resolve("cache").toString(),
                "HOME", home.toString(),
                "JAVA_HOME", System.getProperty("java.home"));
    }

    /** The same, each command run by another one in front of it. */
    Jcompose within(String... command) {
        return new Jcompose(directory, home, List.of(command));
    }

    /** What a command printed and how it ended. */
    record Result(List<String> command, int exitCode, String out, String err) {
        Result succeeds() {
            assertThat(exitCode)
                    .as("exit code of %s%n%s%n%s", command, out, err)
                    .isZero();
            return this;
        }

        Result fails() {
            assertThat(exitCode)
                    .as("exit code of %s%n%s%n%s", command, out, err)
                    .isNotZero();
            return this;
        }
    }

    /** A command under way, with the files its output goes to. */
    record Running(Process process, List<String> command, Path out, Path err) {
        /** Waits for its end; kills it after two minutes. */
        Result finish() throws IOException, InterruptedException {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(
                        "no end after " + LIMIT_SECONDS + " s: " + command + "\n" + Files.readString(err));
            }
            return new Result(command, process.exitValue(), Files.readString(out), Files.readString(err));
        }
    }

    /** What it keeps for one boot. */
    Path runDirectory() {
        return home.resolve("run");
    }

    /** Runs a command with this as its standard input. */
    Result feed(byte[] input, String... arguments) throws IOException, InterruptedException {
        Files.createDirectories(home);
        Path in = Files.write(Files.createTempFile(home, "in", ".bin"), input);
        return start(Map.of(), command(arguments), ProcessBuilder.Redirect.from(in.toFile()))
                .finish();
    }

    /** Runs a command at a terminal, on which this is typed. */
    Result type(String typed, String... arguments) throws IOException, InterruptedException {
        Files.createDirectories(home);
        Path in = Files.writeString(Files.createTempFile(home, "in", ".txt"), typed);
        String line = command(arguments).stream().map(word -> "'" + word + "'").collect(joining(" "));
        List<String> command = List.of("script", "-qec", "stty rows 33 cols 101; " + line, "/dev/null");
        return start(Map.of(), command, ProcessBuilder.Redirect.from(in.toFile()))
                .finish();
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        return start(arguments).finish();
    }

    /** Starts a command without input, for tests that interrupt it. */
    Running start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    /** The same with more in its environment. */
    Running start(Map<String, String> more, String... arguments) throws IOException {
        Running running = start(more, command(arguments), ProcessBuilder.Redirect.PIPE);
        running.process().getOutputStream().close();
        return running;
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar().toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private Running start(Map<String, String> more, List<String> command, ProcessBuilder.Redirect input)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("COMPOSE_") || name.startsWith("JCOMPOSE_"));
        builder.environment().putAll(environment);
        builder.environment().putAll(more);
        Files.createDirectories(home);
        Path out = Files.createTempFile(home, "out", ".txt");
        Path err = Files.createTempFile(home, "err", ".txt");
        Process process = builder.redirectInput(input)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new Running(process, command, out, err);
    }

    private static Path jar() {
        Path jar = Path.of("target", "jcompose.jar").toAbsolutePath();
        assertThat(jar).as("the application, built by the package phase").exists();
        return jar;
    }
}
