package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.shim.DurableFile;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whole directories: made with the mode they are to have, moved, removed. */
final class FileTrees {
    private FileTrees() {}

    /** Makes a directory that only its owner may enter, and those above it as usual. */
    static Path createPrivate(Path directory) {
        return create(directory, "rwx------");
    }

    /** Makes a directory with exactly that mode, whatever the umask. */
    static Path create(Path directory, String mode) {
        try {
            Files.createDirectories(directory);
            return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
        } catch (IOException e) {
            throw new BackendException("cannot create " + directory + ": " + DurableFile.reason(e), e);
        }
    }

    /** Makes a directory in one that exists. */
    static void createIn(Path directory) {
        try {
            Files.createDirectory(directory);
        } catch (IOException e) {
            throw new BackendException("cannot create " + directory + ": " + DurableFile.reason(e), e);
        }
    }

    /** Renames over a file or an empty directory. */
    static void rename(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new BackendException("cannot rename " + from + " to " + to + ": " + DurableFile.reason(e), e);
        }
    }

    /** Moves everything in one directory to another of the same file system, which takes over its owner, mode and time. */
    static void moveContent(Path from, Path to) {
        try (var entries = Files.newDirectoryStream(from)) {
            for (var entry : entries) {
                Files.move(entry, to.resolve(String.valueOf(entry.getFileName())), StandardCopyOption.ATOMIC_MOVE);
            }
            for (var attribute : List.of("unix:uid", "unix:gid", "unix:mode", "lastModifiedTime")) {
                Files.setAttribute(to, attribute, Files.getAttribute(from, attribute));
            }
        } catch (IOException e) {
            throw new BackendException("cannot move " + from + " to " + to + ": " + DurableFile.reason(e), e);
        }
    }

    /** Removes a file or a directory with all it holds; links are removed, not followed. */
    static void delete(Path root) {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(root, new Deletion());
        } catch (IOException e) {
            throw new BackendException("cannot remove " + root + ": " + DurableFile.reason(e), e);
        }
    }

    /** Removes a directory if it is there and empty. */
    static void deleteIfEmpty(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            // In use: whoever uses it removes it later.
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
