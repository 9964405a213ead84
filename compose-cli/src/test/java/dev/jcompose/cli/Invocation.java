package dev.jcompose.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.Console.Terminals;
import dev.jcompose.model.load.ComposeProjectLoader;
import dev.jcompose.model.load.ProjectLoader;
import dev.jcompose.runtime.Backend;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What one run of the application printed and ended with. */
record Invocation(int code, String out, String err) {
    /** A run that needs neither files nor containers. */
    static Invocation of(String... arguments) {
        return in(Path.of("/nonexistent"), arguments);
    }

    /** A run in a directory, without containers. */
    static Invocation in(Path directory, String... arguments) {
        return on(new ObservedBackend(List.of()), directory, arguments);
    }

    /** A run in a directory, on a backend. */
    static Invocation on(Backend backend, Path directory, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                Terminals.NONE,
                Map.of(),
                directory);
        int code = new Application(console, new TestWorld(backend)).run(List.of(arguments));
        console.flush();
        return new Invocation(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** Real files, and a backend of the test's choice. */
    private record TestWorld(Backend backend) implements Outside {
        @Override
        public ProjectLoader loader() {
            return new ComposeProjectLoader();
        }

        @Override
        public Backend backend(String command) {
            return backend;
        }
    }
}
