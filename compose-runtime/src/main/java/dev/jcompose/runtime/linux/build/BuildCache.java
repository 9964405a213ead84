package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.RunMount;
import dev.jcompose.runtime.linux.shim.LockFile;
import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The directories of {@code RUN --mount=type=cache}: {@code <digest of the id>/<number>/data} each, with a lock beside
 * it for those that are not shared.
 */
final class BuildCache {
    private static final long RETRY_MILLIS = 20;
    private static final Set<Path> OURS = new HashSet<>();

    private final Path home;

    BuildCache(Path home) {
        this.home = home;
    }

    /** A cache in use; others may have it when it is closed. */
    record Used(Path data, Optional<LockFile> lock) implements AutoCloseable {
        @Override
        public void close() {
            synchronized (OURS) {
                lock.ifPresent(held -> {
                    OURS.remove(data);
                    held.close();
                });
            }
        }
    }

    /** What a new cache starts with, put into a directory. */
    @FunctionalInterface
    interface Content {
        void put(Path directory) throws IOException;
    }

    Used use(RunMount mount, String id, Content content) throws IOException, InterruptedException {
        var place = home.resolve(Digest.of(id).hex());
        for (int number = 0; ; ) {
            var data = place.resolve(Integer.toString(number)).resolve("data");
            Files.createDirectories(parent(data));
            if (mount.sharing() == RunMount.Sharing.SHARED) {
                make(data, content);
                return new Used(data, Optional.empty());
            }
            var lock = lock(data);
            if (lock.isPresent()) {
                make(data, content);
                return new Used(data, lock);
            }
            if (mount.sharing() == RunMount.Sharing.PRIVATE) {
                number++;
            } else {
                Thread.sleep(RETRY_MILLIS);
            }
        }
    }

    private static Optional<LockFile> lock(Path data) {
        synchronized (OURS) { // a process has a file's lock as a whole
            if (OURS.contains(data)) {
                return Optional.empty();
            }
            var lock = LockFile.tryAcquire(data.resolveSibling("lock"), "");
            lock.ifPresent(held -> OURS.add(data));
            return lock;
        }
    }

    private static void make(Path data, Content content) throws IOException {
        if (Files.exists(data)) {
            return;
        }
        var unfinished = Files.createTempDirectory(parent(data), ".ing-");
        content.put(unfinished);
        synchronized (OURS) {
            if (!Files.exists(data)) {
                Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private static Path parent(Path file) {
        var parent = file.getParent();
        return parent == null ? Path.of("/") : parent;
    }
}
