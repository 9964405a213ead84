package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Where everything is in the store, and how it is put there: written under a name that starts with {@code .ing-}, made
 * durable, renamed. What carries such a name is the remains of something that was cut off.
 */
final class StoreFiles {
    private static final String UNFINISHED = ".ing-";

    private final Path root;

    StoreFiles(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /** Makes the directories of an empty store. */
    void create() {
        try {
            for (var directory : List.of(blobs(), layers(), images(), steps(), named())) {
                Files.createDirectories(directory);
            }
            if (!Files.exists(root.resolve("oci-layout"))) {
                replace(
                        root.resolve("oci-layout"),
                        "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
            }
        } catch (AccessDeniedException e) {
            throw new BackendException("no permission to write to the image store " + root
                    + ": run as root, or set JCOMPOSE_STATE_DIR to a directory of yours");
        } catch (IOException e) {
            throw failure(e);
        }
    }

    BackendException failure(IOException e) {
        return new BackendException("the image store " + root + " cannot be used: " + e, e);
    }

    Path blobs() {
        return root.resolve("blobs/sha256");
    }

    Path blob(Digest digest) {
        return blobs().resolve(digest.hex());
    }

    Path layers() {
        return root.resolve("layers");
    }

    /** One unpacked layer's directory, holding {@code diff} and {@code meta}. */
    Path layer(Digest chainId) {
        return layers().resolve(chainId.brief());
    }

    Path images() {
        return root.resolve("images");
    }

    /** What the start of containers needs to know of an image, derived from its blobs. */
    Path record(Digest id) {
        return images().resolve(id.hex());
    }

    /** Results of build steps by the key of their inputs. */
    Path steps() {
        return root.resolve("steps");
    }

    Path named() {
        return root.resolve("named");
    }

    /** A file as old as the last time a name was given to an image. */
    Path named(String fullName) {
        return named().resolve(Digest.of(fullName).hex());
    }

    Path references() {
        return root.resolve("refs");
    }

    Path index() {
        return root.resolve("index.json");
    }

    Path referencesLock() {
        return root.resolve("refs.lock");
    }

    Path useLock() {
        return root.resolve("use.lock");
    }

    /** A name in a directory for something that is not finished. */
    static Path unfinished(Path directory) {
        return directory.resolve(UNFINISHED + UUID.randomUUID());
    }

    static boolean isUnfinished(Path file) {
        return String.valueOf(file.getFileName()).startsWith(UNFINISHED);
    }

    /** Replaces a small file so that a crash leaves the old or the new one. */
    static void replace(Path file, byte[] content) throws IOException {
        var temporary = unfinished(parent(file));
        try {
            Files.write(temporary, content, StandardOpenOption.CREATE_NEW);
            sync(temporary);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    static Path parent(Path file) {
        var parent = file.getParent();
        return parent == null ? Path.of("/") : parent;
    }

    static void sync(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** What is in a directory, in order; nothing when it does not exist. */
    static List<Path> list(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (var entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    /** Removes a directory with all it holds, not following links. */
    static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        var all = new ArrayList<Path>();
        try (var walk = Files.walk(directory)) {
            walk.forEach(all::add);
        }
        all.sort(Comparator.reverseOrder());
        for (var file : all) {
            Files.delete(file);
        }
    }
}
