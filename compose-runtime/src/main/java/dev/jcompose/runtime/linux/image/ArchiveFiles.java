package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.layer.LayerException;
import dev.jcompose.runtime.linux.layer.LayerLimits;
import dev.jcompose.runtime.linux.layer.TarHeader;
import dev.jcompose.runtime.linux.layer.TarReader;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The files of an image archive by name, be it a tar, a gzipped tar or a directory. */
interface ArchiveFiles extends AutoCloseable {
    int BUFFER = 128 << 10;
    int MAX_FILES = 100_000;

    /** A file's content; empty when there is no such file. */
    Optional<InputStream> open(String name) throws IOException;

    @Override
    void close() throws IOException;

    /** Opens an archive; a compressed one is unpacked to {@code scratch} first, as its parts are read in any order. */
    static ArchiveFiles of(Path archive, Path scratch, long limit) throws IOException {
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
                copy(content, unpacked, limit);
                return new Tar(unpacked, Optional.of(unpacked));
            } catch (IOException | BackendException e) {
                Files.deleteIfExists(unpacked);
                throw e;
            }
        }
    }

    private static void copy(InputStream content, Path file, long limit) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            var buffer = new byte[BUFFER];
            long size = 0;
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                size += n;
                if (size > limit) {
                    throw new BackendException("it unpacks to more than " + limit + " bytes" + LayerLimits.REMEDY);
                }
                out.write(buffer, 0, n);
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
        private final Path file;
        private final Optional<Path> temporary;
        private final Map<String, Entry> entries = new HashMap<>();

        private record Entry(TarHeader header, long position) {}

        Tar(Path file, Optional<Path> temporary) throws IOException {
            this.file = file;
            this.temporary = temporary;
            try (var in = new BufferedInputStream(Files.newInputStream(file))) {
                var tar = new TarReader(in);
                for (var header = tar.next(); header.isPresent(); header = tar.next()) {
                    entries.put(normal(header.get().name()), new Entry(header.get(), tar.position()));
                    if (entries.size() > MAX_FILES) {
                        throw new BackendException(
                                "it is not an image archive: it has more than " + MAX_FILES + " files");
                    }
                }
            } catch (LayerException e) {
                throw new BackendException("it is not an image archive: " + e.getMessage(), e);
            }
        }

        /** Only compared, never opened. */
        private static String normal(String name) {
            var names = new ArrayDeque<String>();
            for (var part : name.split("/", -1)) {
                if (part.equals("..")) {
                    names.pollLast();
                } else if (!part.isEmpty() && !part.equals(".")) {
                    names.addLast(part);
                }
            }
            return String.join("/", names);
        }

        @Override
        public Optional<InputStream> open(String name) throws IOException {
            var entry = entries.get(normal(name));
            if (entry != null && entry.header().type() == TarHeader.LINK) {
                entry = entries.get(
                        normal(entry.header().name() + "/../" + entry.header().linkName()));
            } else if (entry != null && entry.header().type() == TarHeader.HARD_LINK) {
                entry = entries.get(normal(entry.header().linkName()));
            }
            if (entry == null || entry.header().type() != TarHeader.FILE) {
                return Optional.empty();
            }
            if (entry.header().stored() != entry.header().size()) {
                throw new BackendException("\"" + name + "\" of the archive is a sparse file");
            }
            var in = Files.newByteChannel(file).position(entry.position());
            return Optional.of(
                    new Slice(Channels.newInputStream(in), entry.header().size()));
        }

        @Override
        public void close() throws IOException {
            if (temporary.isPresent()) {
                Files.deleteIfExists(temporary.get());
            }
        }
    }

    /** The next bytes of a stream. */
    final class Slice extends FilterInputStream {
        private long left;

        Slice(InputStream in, long length) {
            super(in);
            left = length;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = in.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(n, 0);
            return n;
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = in.skip(Math.min(n, left));
            left -= skipped;
            return skipped;
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
