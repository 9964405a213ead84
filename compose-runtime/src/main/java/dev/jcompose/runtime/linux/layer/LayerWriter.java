package dev.jcompose.runtime.linux.layer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Packs files into a layer's tar; the same files always give the same bytes. */
public final class LayerWriter {
    private LayerWriter() {}

    /** Writes the entries in the order of their paths, parents first. */
    public static void write(SortedMap<String, LayerEntry> entries, OutputStream out) throws IOException {
        try (var tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            var linked = new HashMap<Long, String>();
            for (var entry : entries.entrySet()) {
                var earlier = earlier(entry.getKey(), entry.getValue(), linked);
                if (earlier.isPresent()) {
                    writeLink(entry.getKey(), earlier.get(), entry.getValue(), tar);
                } else {
                    write(entry.getKey(), entry.getValue(), tar);
                }
            }
        }
    }

    /** The path under which the same file has been written already, as a hard link. */
    private static Optional<String> earlier(String path, LayerEntry entry, Map<Long, String> linked) {
        return entry.content() instanceof LayerEntry.Content.Regular regular && regular.inode() != 0
                ? Optional.ofNullable(linked.putIfAbsent(regular.inode(), path))
                : Optional.empty();
    }

    private static void writeLink(String path, String target, LayerEntry entry, TarArchiveOutputStream tar)
            throws IOException {
        var header = new TarArchiveEntry(path, TarConstants.LF_LINK);
        header.setLinkName(target);
        describe(header, entry);
        tar.putArchiveEntry(header);
        tar.closeArchiveEntry();
    }

    private static void write(String path, LayerEntry entry, TarArchiveOutputStream tar) throws IOException {
        var header = header(path, entry.content());
        describe(header, entry);
        tar.putArchiveEntry(header);
        if (entry.content() instanceof LayerEntry.Content.Regular regular) {
            Files.copy(regular.file(), tar);
        } else if (entry.content() instanceof LayerEntry.Content.Text text) {
            tar.write(text.text().getBytes(StandardCharsets.UTF_8));
        }
        tar.closeArchiveEntry();
    }

    private static void describe(TarArchiveEntry header, LayerEntry entry) {
        header.setMode(entry.mode());
        header.setUserId(Integer.toUnsignedLong(entry.uid()));
        header.setGroupId(Integer.toUnsignedLong(entry.gid()));
        header.setUserName("");
        header.setGroupName("");
        header.setLastModifiedTime(entry.modified());
        entry.attributes().forEach((name, value) -> header.addPaxHeader("SCHILY.xattr." + name, value));
    }

    private static TarArchiveEntry header(String path, LayerEntry.Content content) {
        return switch (content) {
            case LayerEntry.Content.Directory directory -> new TarArchiveEntry(path + "/");
            case LayerEntry.Content.Regular regular -> sized(path, regular.size());
            case LayerEntry.Content.Text text -> sized(path, text.text().getBytes(StandardCharsets.UTF_8).length);
            case LayerEntry.Content.Link link -> link(path, link.target());
            case LayerEntry.Content.Node node -> node(path, node);
        };
    }

    private static TarArchiveEntry sized(String path, long size) {
        var header = new TarArchiveEntry(path);
        header.setSize(size);
        return header;
    }

    private static TarArchiveEntry link(String path, String target) {
        var header = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
        header.setLinkName(target);
        return header;
    }

    private static TarArchiveEntry node(String path, LayerEntry.Content.Node node) {
        var type = switch (node.type()) {
            case 0020000 -> TarConstants.LF_CHR;
            case 0060000 -> TarConstants.LF_BLK;
            default -> TarConstants.LF_FIFO;
        };
        var header = new TarArchiveEntry(path, type);
        header.setDevMajor((int) ((node.device() >> 8) & 0xfff));
        header.setDevMinor((int) ((node.device() & 0xff) | ((node.device() >> 12) & 0xfff00)));
        return header;
    }
}
