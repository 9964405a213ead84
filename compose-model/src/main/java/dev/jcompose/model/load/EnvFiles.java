package dev.jcompose.model.load;

import dev.jcompose.model.env.EnvFile;
import dev.jcompose.model.env.EnvFileException;
import dev.jcompose.model.env.RawEnvFile;
import dev.jcompose.model.interpolate.Variables;
import dev.jcompose.model.problem.Position;
import dev.jcompose.model.problem.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Reads env files and reports what is wrong with them at their own lines. */
final class EnvFiles {
    private final SourceFiles files;
    private final Problems problems;

    EnvFiles(SourceFiles files, Problems problems) {
        this.files = files;
        this.problems = problems;
    }

    Map<String, String> read(Path file, Position from, Variables outer) {
        return readOver(Map.of(), file, from, outer);
    }

    /** What earlier files set with what this one sets over it. */
    Map<String, String> readOver(Map<String, String> earlier, Path file, Position from, Variables outer) {
        return parse(file, from, text -> EnvFile.parse(text, outer, earlier));
    }

    Map<String, String> readRaw(Path file, Position from, Variables outer) {
        return parse(file, from, text -> RawEnvFile.parse(text, outer));
    }

    /** One dialect. */
    private interface Dialect {
        Map<String, String> parse(String text) throws EnvFileException;
    }

    /** The {@code .env} of a directory; empty when there is none. */
    Map<String, String> readDotEnv(Path directory, Variables outer) {
        var file = directory.resolve(".env");
        if (!Files.exists(file) || Files.isDirectory(file)) {
            return Map.of();
        }
        return read(file, Position.of(files.displayName(file)), outer);
    }

    private Map<String, String> parse(Path file, Position from, Dialect dialect) {
        var text = files.readText(file, from);
        try {
            return dialect.parse(text);
        } catch (EnvFileException e) {
            problems.addSource(files.displayName(file), text);
            problems.error(new Position(files.displayName(file), e.line(), 1), "", e.reason());
            return Map.of();
        }
    }
}
