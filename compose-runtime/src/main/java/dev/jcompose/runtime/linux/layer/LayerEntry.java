package dev.jcompose.runtime.linux.layer;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * A file of a layer being made.
 *
 * @param mode permission bits
 */
public record LayerEntry(Content content, int mode, int uid, int gid, FileTime modified) {
    /** What kind of file it is. */
    public sealed interface Content {
        record Directory() implements Content {}

        /** Copied from a file on disk. */
        record Regular(Path file, long size) implements Content {}

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
            return new Content.Regular(file, stat.size());
        }
        return stat.isSymbolicLink()
                ? new Content.Link(LayeredFiles.linkTarget(file))
                : new Content.Node(stat.mode() & 0170000, stat.device());
    }

    public boolean isDirectory() {
        return content instanceof Content.Directory;
    }

    public LayerEntry withOwner(int newUid, int newGid) {
        return new LayerEntry(content, mode, newUid, newGid, modified);
    }

    public LayerEntry withMode(int newMode) {
        return content instanceof Content.Link ? this : new LayerEntry(content, newMode, uid, gid, modified);
    }
}
