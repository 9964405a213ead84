package dev.jcompose.runtime.linux.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code lstat} says of a file.
 *
 * @param mode type and permission bits
 * @param device what a device node stands for
 * @param inode identifies the file within its file system, for hard links
 */
public record FileStat(int mode, int uid, int gid, long size, long device, int links, long inode, FileTime modified) {
    private static final int TYPE = 0170000;
    private static final String ATTRIBUTES = "unix:mode,uid,gid,size,rdev,nlink,ino,lastModifiedTime";

    /** Looks at a file without following a link; empty when there is none. */
    public static Optional<FileStat> of(Path file) throws IOException {
        try {
            return Optional.of(of(Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static FileStat of(Map<String, Object> values) {
        return new FileStat(
                (int) number(values, "mode"),
                (int) number(values, "uid"),
                (int) number(values, "gid"),
                number(values, "size"),
                number(values, "rdev"),
                (int) number(values, "nlink"),
                number(values, "ino"),
                values.get("lastModifiedTime") instanceof FileTime time ? time : FileTime.fromMillis(0));
    }

    private static long number(Map<String, Object> values, String key) {
        return values.get(key) instanceof Number number ? number.longValue() : 0;
    }

    public boolean isDirectory() {
        return (mode & TYPE) == 0040000;
    }

    public boolean isRegularFile() {
        return (mode & TYPE) == 0100000;
    }

    public boolean isSymbolicLink() {
        return (mode & TYPE) == 0120000;
    }

    boolean isCharacterDevice() {
        return (mode & TYPE) == 0020000;
    }

    boolean isBlockDevice() {
        return (mode & TYPE) == 0060000;
    }

    boolean isFifo() {
        return (mode & TYPE) == 0010000;
    }

    public boolean isSocket() {
        return (mode & TYPE) == 0140000;
    }

    /** The mark by which an overlay layer says that a lower file is gone. */
    boolean isWhiteout() {
        return isCharacterDevice() && device == 0;
    }

    /** Permission bits with setuid, setgid and sticky. */
    public int permissions() {
        return mode & 07777;
    }
}
