package dev.jcompose.model.load;

import dev.jcompose.model.problem.Position;
import dev.jcompose.model.problem.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Reads the files a project names, and turns every way that fails into one problem. */
final class SourceFiles {
    private static final long LARGEST = 64L * 1024 * 1024;

    private final Path workingDirectory;
    private final InputStream stdin;
    private final Problems problems;

    SourceFiles(Path workingDirectory, InputStream stdin, Problems problems) {
        this.workingDirectory = workingDirectory;
        this.stdin = stdin;
        this.problems = problems;
    }

    /** The name of a file in messages: relative to the working directory when it lies below it. */
    String displayName(Path file) {
        return file.startsWith(workingDirectory)
                ? workingDirectory.relativize(file).toString()
                : file.toString();
    }

    byte[] readStdin() {
        try {
            return stdin.readAllBytes();
        } catch (IOException e) {
            throw problems.fatal(new Position("-", 1, 1), "", "cannot read standard input: " + e.getMessage());
        }
    }

    byte[] read(Path file, Position from) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw problems.fatal(from, "", "\"" + displayName(file) + "\" is a directory, not a file");
            }
            if (attributes.size() > LARGEST) {
                throw problems.fatal(from, "", "\"" + displayName(file) + "\" is larger than 64 MiB");
            }
            return attributes.isRegularFile() ? Files.readAllBytes(file) : readSpecial(file, from);
        } catch (IOException e) {
            throw problems.fatal(from, "", "cannot read \"" + displayName(file) + "\": " + reason(e));
        }
    }

    /** A pipe or device, which may never end. */
    private byte[] readSpecial(Path file, Position from) throws IOException {
        if (isNamedPipe(file)) {
            throw problems.fatal(
                    from,
                    "",
                    "\"" + displayName(file) + "\" is a named pipe; read it with -f - < " + displayName(file));
        }
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes((int) LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw problems.fatal(from, "", "\"" + displayName(file) + "\" does not end within 64 MiB");
            }
            return bytes;
        }
    }

    /** Opening one waits for its writer, for ever if there is none; the pipe of a shell's {@code <(...)} has its writer. */
    private static boolean isNamedPipe(Path file) throws IOException {
        int type = (int) Files.getAttribute(file, "unix:mode") & 0170000;
        return type == 0010000 && !file.startsWith("/dev/fd") && !file.startsWith("/proc");
    }

    String readText(Path file, Position from) {
        var text = new String(read(file, from), StandardCharsets.UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException missing -> "no such file";
            case java.nio.file.AccessDeniedException denied -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }
}
