package dev.jcompose.runtime.linux.layer;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * A file of a layer being made.
 *
 * @param mode permission bits
 * @param attributes extended attributes that a layer keeps
 */
public record LayerEntry(
        Content content, int mode, int uid, int gid, FileTime modified, Map<String, String> attributes) {
    public LayerEntry {
        attributes = Map.copyOf(attributes);
    }

    public LayerEntry(Content content, int mode, int uid, int gid, FileTime modified) {
        this(content, mode, uid, gid, modified, Map.of());
    }

    /** What kind of file it is. */
    public sealed interface Content {
        record Directory() implements Content {}

        /**
         * Copied from a file on disk.
         *
         * @param inode what it has in common with its other hard links; 0 when it has none
         */
        record Regular(Path file, long size, long inode) implements Content {}

        record Text(String text) implements Content {}

        record Link(String target) implements Content {}

        /** A device or FIFO; {@code type} as in {@code mknod}. */
        record Node(int type, long device) implements Content {}
    }

    /** The entry for a file of a stack, as it is there. */
    public static LayerEntry of(LayeredFiles.Found found) {
        return of(found.file(), found.stat());
    }

    public static LayerEntry of(Path file, FileStat stat) {
        return new LayerEntry(content(file, stat), stat.permissions(), stat.uid(), stat.gid(), stat.modified());
    }

    private static Content content(Path file, FileStat stat) {
        if (stat.isDirectory()) {
            return new Content.Directory();
        }
        if (stat.isRegularFile()) {
            return new Content.Regular(file, stat.size(), stat.links() > 1 ? stat.inode() : 0);
        }
        return stat.isSymbolicLink()
                ? new Content.Link(LayeredFiles.linkTarget(file))
                : new Content.Node(stat.mode() & 0170000, stat.device());
    }

    public boolean isDirectory() {
        return content instanceof Content.Directory;
    }

    public LayerEntry withOwner(int newUid, int newGid) {
        return new LayerEntry(content, mode, newUid, newGid, modified, attributes);
    }

    public LayerEntry withMode(int newMode) {
        return content instanceof Content.Link
                ? this
                : new LayerEntry(content, newMode, uid, gid, modified, attributes);
    }

    public LayerEntry withTime(FileTime time) {
        return new LayerEntry(content, mode, uid, gid, time, attributes);
    }

    /** With the extended attributes of its file, as far as layers keep them. */
    LayerEntry withAttributes(Map<String, String> found) {
        return found.isEmpty() ? this : new LayerEntry(content, mode, uid, gid, modified, found);
    }
}
