package dev.jcompose.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command knows of the process it runs in: streams, environment, directory, and which streams are terminals.
 * Standard output is buffered; {@link #flush} before waiting for anything.
 */
public record Console(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Terminals terminals,
        Map<String, String> environment,
        Path workingDirectory) {
    private static final int BUFFER = 1 << 16;

    /** Which of the three standard streams are terminals. */
    public record Terminals(boolean in, boolean out, boolean err) {
        public static final Terminals NONE = new Terminals(false, false, false);
    }

    /** The console of this process. Text is UTF-8 whatever the locale says, as in container logs. */
    public static Console ofProcess() {
        return new Console(
                System.in,
                stream(FileDescriptor.out, BUFFER),
                stream(FileDescriptor.err, 512),
                new Terminals(isTerminal(0), isTerminal(1), isTerminal(2)),
                System.getenv(),
                Path.of("").toAbsolutePath());
    }

    public void flush() {
        out.flush();
        err.flush();
    }

    /** The value of a variable, empty when it is unset. */
    public String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    private static PrintStream stream(FileDescriptor descriptor, int buffer) {
        OutputStream bytes = new BufferedOutputStream(new FileOutputStream(descriptor), buffer);
        return new PrintStream(bytes, false, UTF_8);
    }

    private static boolean isTerminal(int descriptor) {
        try {
            var target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false; // closed, or no /proc: treat it as a file
        }
    }
}
