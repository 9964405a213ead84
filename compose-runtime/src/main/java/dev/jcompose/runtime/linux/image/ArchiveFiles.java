package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.BackendException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/** The files of an image archive by name, be it a tar, a gzipped tar or a directory. */
interface ArchiveFiles extends AutoCloseable {
    /** A file's content; empty when there is no such file. */
    Optional<InputStream> open(String name) throws IOException;

    @Override
    void close() throws IOException;

    /** Opens an archive; a compressed one is unpacked to {@code scratch} first, as its parts are read in any order. */
    static ArchiveFiles of(Path archive, Path scratch) throws IOException {
        if (Files.isDirectory(archive)) {
            return new Directory(archive);
        }
        if (!Files.isRegularFile(archive)) {
            throw new BackendException("no such file");
        }
        try (var in = new BufferedInputStream(Files.newInputStream(archive))) {
            in.mark(2);
            if (!Blobs.isGzip(in.readNBytes(2))) {
                return new Tar(archive, Optional.empty());
            }
            in.reset();
            var unpacked = StoreFiles.unfinished(scratch);
            try (var content = Blobs.unpacked(in)) {
                Files.copy(content, unpacked);
                return new Tar(unpacked, Optional.of(unpacked));
            } catch (IOException e) {
                Files.deleteIfExists(unpacked);
                throw e;
            }
        }
    }

    /** An OCI layout as a directory. */
    record Directory(Path root) implements ArchiveFiles {
        @Override
        public Optional<InputStream> open(String name) throws IOException {
            var path = root;
            for (var part : name.split("/", -1)) {
                if (part.equals("..") || part.indexOf('\0') >= 0) {
                    throw new BackendException("\"" + name + "\" is not a file of the archive");
                }
                path = path.resolve(part);
                if (Files.isSymbolicLink(path)) {
                    throw new BackendException("\"" + path + "\" is a link: an image archive must not have any");
                }
            }
            return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(Files.newInputStream(path))
                    : Optional.empty();
        }

        @Override
        public void close() {}
    }

    /** A tar; its links are followed once, as older {@code docker save} archives use them for shared layers. */
    final class Tar implements ArchiveFiles {
        private final TarFile tar;
        private final Optional<Path> temporary;
        private final Map<String, TarArchiveEntry> entries = new HashMap<>();

        Tar(Path file, Optional<Path> temporary) throws IOException {
            this.temporary = temporary;
            this.tar = open(file);
            for (var entry : tar.getEntries()) {
                entries.put(normal(entry.getName()), entry);
            }
        }

        private static TarFile open(Path file) throws IOException {
            try {
                return new TarFile(file);
            } catch (IOException | IllegalArgumentException e) {
                throw new BackendException("it is not an image archive: " + e.getMessage(), e);
            }
        }

        private static String normal(String name) {
            return Path.of("/", name.replace("\0", "")).normalize().toString().substring(1);
        }

        @Override
        public Optional<InputStream> open(String name) throws IOException {
            var entry = entries.get(normal(name));
            if (entry != null && entry.isSymbolicLink()) {
                var parent = Path.of("/", entry.getName()).normalize().getParent();
                entry = entries.get(normal(parent + "/" + entry.getLinkName()));
            } else if (entry != null && entry.isLink()) {
                entry = entries.get(normal(entry.getLinkName()));
            }
            return entry == null || !entry.isFile() ? Optional.empty() : Optional.of(tar.getInputStream(entry));
        }

        @Override
        public void close() throws IOException {
            tar.close();
            if (temporary.isPresent()) {
                Files.deleteIfExists(temporary.get());
            }
        }
    }

    /** A small file's content. */
    default Optional<byte[]> document(String name, int limit) throws IOException {
        var in = open(name);
        if (in.isEmpty()) {
            return Optional.empty();
        }
        try (var content = in.get()) {
            var bytes = content.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new BackendException("\"" + name + "\" of the archive is too large");
            }
            return Optional.of(bytes);
        }
    }
}
