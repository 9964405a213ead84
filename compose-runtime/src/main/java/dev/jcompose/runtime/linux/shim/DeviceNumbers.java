package dev.jcompose.runtime.linux.shim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A device file of the host.
 *
 * @param type {@code b} or {@code c}
 */
public record DeviceNumbers(String type, long major, long minor, int mode, String uid, String gid) {
    private static final int FILE_TYPE = 0170000;
    private static final int BLOCK_DEVICE = 0060000;
    private static final int CHARACTER_DEVICE = 0020000;

    /** Follows links; fails for what is not a device. */
    public static DeviceNumbers of(Path file) throws IOException {
        int mode = (int) Files.getAttribute(file, "unix:mode");
        long device = ((Number) Files.getAttribute(file, "unix:rdev")).longValue();
        var type = switch (mode & FILE_TYPE) {
            case BLOCK_DEVICE -> "b";
            case CHARACTER_DEVICE -> "c";
            default -> throw new IOException("it is not a device");
        };
        return new DeviceNumbers(
                type,
                ((device >> 8) & 0xfff) | ((device >>> 32) & ~0xfffL),
                (device & 0xff) | ((device >>> 12) & 0xffffff00L),
                mode & 07777,
                Files.getAttribute(file, "unix:uid").toString(),
                Files.getAttribute(file, "unix:gid").toString());
    }

    /** {@code 8:0} */
    public String pair() {
        return major + ":" + minor;
    }
}
