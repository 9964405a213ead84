package dev.jcompose.runtime.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes small tars in memory, honest and hostile ones. */
public final class Tar {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream out;

    public Tar() {
        out = new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name());
        out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    public Tar directory(String name, int mode) {
        return add(entry(name, TarConstants.LF_DIR, e -> e.setMode(mode)), new byte[0]);
    }

    public Tar file(String name, String content) {
        return file(name, content, e -> {});
    }

    public Tar file(String name, String content, Consumer<TarArchiveEntry> change) {
        return file(name, content.getBytes(StandardCharsets.UTF_8), change);
    }

    public Tar file(String name, byte[] content, Consumer<TarArchiveEntry> change) {
        var entry = entry(name, TarConstants.LF_NORMAL, e -> e.setMode(0644));
        entry.setSize(content.length);
        change.accept(entry);
        return add(entry, content);
    }

    public Tar symlink(String name, String target) {
        return add(entry(name, TarConstants.LF_SYMLINK, e -> e.setLinkName(target)), new byte[0]);
    }

    public Tar hardLink(String name, String target) {
        return add(entry(name, TarConstants.LF_LINK, e -> e.setLinkName(target)), new byte[0]);
    }

    public Tar device(String name, int major, int minor) {
        return add(
                entry(name, TarConstants.LF_CHR, e -> {
                    e.setDevMajor(major);
                    e.setDevMinor(minor);
                    e.setMode(0600);
                }),
                new byte[0]);
    }

    public Tar fifo(String name) {
        return add(entry(name, TarConstants.LF_FIFO, e -> e.setMode(0600)), new byte[0]);
    }

    private static TarArchiveEntry entry(String name, byte type, Consumer<TarArchiveEntry> change) {
        var entry = new TarArchiveEntry(name, type, true);
        entry.setIds(0, 0);
        entry.setLastModifiedTime(FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
        change.accept(entry);
        return entry;
    }

    private Tar add(TarArchiveEntry entry, byte[] content) {
        try {
            out.putArchiveEntry(entry);
            out.write(content);
            out.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] bytes() {
        try {
            out.close();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] gzip(byte[] content) {
        var result = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(result)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result.toByteArray();
    }
}
