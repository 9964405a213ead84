package dev.jcompose.runtime.linux.build;

import dev.jcompose.model.Build;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.build.Dockerfile;
import dev.jcompose.runtime.build.DockerfileParser;
import dev.jcompose.runtime.build.IgnoreFile;
import dev.jcompose.runtime.linux.image.Ingest;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The directory a build takes its files from, and the Dockerfile that goes with it.
 *
 * @param fetched where it was put, if it does not lie on this machine
 */
record Context(Path directory, Dockerfile dockerfile, IgnoreFile ignore, Optional<Ingest.Scratch> fetched)
        implements AutoCloseable {
    static Context of(String image, Build build, Ingest ingest) throws InterruptedException {
        try {
            if (Remote.isRemote(build.context())) {
                return remote(image, build, ingest);
            }
            var directory = Path.of(build.context());
            if (!Files.isDirectory(directory)) {
                throw new BackendException("cannot build " + image + ": context " + directory + " is not a directory");
            }
            return read(image, build, directory, Optional.empty());
        } catch (IOException e) {
            throw new BackendException("cannot build " + image + ": " + e, e);
        }
    }

    /** A git repository, or an archive somewhere in the network. */
    private static Context remote(String image, Build build, Ingest ingest) throws IOException, InterruptedException {
        var scratch = ingest.scratch();
        try {
            var subject = "cannot build " + image;
            if (Remote.isGit(build.context())) {
                var checkout = new GitCheckout(subject, scratch.directory());
                var files = checkout.get(build.context(), false, Optional.empty());
                return read(image, build, files, Optional.of(scratch));
            }
            var files = Tarball.download(subject, build.context(), scratch.directory());
            return read(image, build, files, Optional.of(scratch));
        } catch (IOException | InterruptedException | RuntimeException e) {
            scratch.close();
            throw e;
        }
    }

    private static Context read(String image, Build build, Path directory, Optional<Ingest.Scratch> fetched)
            throws IOException {
        if (build.dockerfileInline().isPresent()) {
            var dockerfile = DockerfileParser.parse(build.dockerfileInline().get(), "dockerfile_inline");
            return new Context(directory, dockerfile, ignoreFile(List.of(directory.resolve(".dockerignore"))), fetched);
        }
        var name = build.dockerfile().orElse("Dockerfile");
        var file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new BackendException(
                    "cannot build " + image + ": there is no " + file + " (build.dockerfile names another file)");
        }
        var own = file.resolveSibling(file.getFileName() + ".dockerignore");
        var dockerfile = DockerfileParser.parse(Files.readString(file), name);
        return new Context(
                directory, dockerfile, ignoreFile(List.of(own, directory.resolve(".dockerignore"))), fetched);
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

    /** The files of a directory but for those that its own ignore file leaves out. */
    static SourceTree tree(Path directory, String name) throws IOException {
        var ignore = ignoreFile(List.of(directory.resolve(".dockerignore")));
        return new SourceTree(LayeredFiles.ofDirectory(directory), ignore, name, List.of(), false);
    }

    SourceTree tree() {
        return new SourceTree(
                LayeredFiles.ofDirectory(directory), ignore, "the context " + directory, List.of(), false);
    }

    @Override
    public void close() throws IOException {
        if (fetched.isPresent()) {
            fetched.get().close();
        }
    }
}
