package dev.jcompose.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.cli.output.Console.Terminals;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/** Standard streams whose text can be read back. */
final class Screen {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(
            InputStream.nullInputStream(),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            Terminals.NONE,
            Map.of(),
            Path.of("/"));

    Console console() {
        return console;
    }

    String out() {
        console.flush();
        return out.toString(UTF_8);
    }

    String err() {
        console.flush();
        return err.toString(UTF_8);
    }
}
