package dev.jcompose.runtime.linux.build;

import dev.jcompose.model.Build;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.build.Dockerfile;
import dev.jcompose.runtime.build.DockerfileParser;
import dev.jcompose.runtime.build.IgnoreFile;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The directory a build takes its files from, and the Dockerfile that goes with it. */
record Context(Path directory, Dockerfile dockerfile, IgnoreFile ignore) {
    static Context of(String image, Build build) {
        var directory = Path.of(build.context());
        if (build.context().matches("[a-z+]+://.*|git@.*")) {
            throw new BackendException("cannot build " + image + ": context \"" + build.context()
                    + "\" is not on this machine: remote contexts are not supported yet, clone it first");
        }
        if (!Files.isDirectory(directory)) {
            throw new BackendException("cannot build " + image + ": context " + directory + " is not a directory");
        }
        try {
            return read(image, build, directory);
        } catch (IOException e) {
            throw new BackendException("cannot build " + image + ": " + e, e);
        }
    }

    private static Context read(String image, Build build, Path directory) throws IOException {
        if (build.dockerfileInline().isPresent()) {
            var dockerfile = DockerfileParser.parse(build.dockerfileInline().get(), "dockerfile_inline");
            return new Context(directory, dockerfile, ignoreFile(List.of(directory.resolve(".dockerignore"))));
        }
        var name = build.dockerfile().orElse("Dockerfile");
        var file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new BackendException(
                    "cannot build " + image + ": there is no " + file + " (build.dockerfile names another file)");
        }
        var own = file.resolveSibling(file.getFileName() + ".dockerignore");
        var dockerfile = DockerfileParser.parse(Files.readString(file), name);
        return new Context(directory, dockerfile, ignoreFile(List.of(own, directory.resolve(".dockerignore"))));
    }

    /** The first ignore file there is. */
    private static IgnoreFile ignoreFile(List<Path> candidates) throws IOException {
        for (var file : candidates) {
            if (Files.isRegularFile(file)) {
                return IgnoreFile.parse(Files.readString(file), String.valueOf(file.getFileName()));
            }
        }
        return IgnoreFile.NOTHING;
    }

    SourceTree tree() {
        return new SourceTree(LayeredFiles.ofDirectory(directory), ignore, "the context " + directory, false);
    }
}
