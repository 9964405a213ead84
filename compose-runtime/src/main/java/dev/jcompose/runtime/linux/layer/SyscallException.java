package dev.jcompose.runtime.linux.layer;

import java.io.IOException;

/** A system call failed; the message is the kernel's reason in words. */
final class SyscallException extends IOException {
    private static final long serialVersionUID = 1L;

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EEXIST = 17;
    static final int EXDEV = 18;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int ELOOP = 40;
    static final int ENODATA = 61;
    static final int EOPNOTSUPP = 95;

    private final int errno;

    SyscallException(String call, int errno) {
        super(call + ": " + reason(errno));
        this.errno = errno;
    }

    int errno() {
        return errno;
    }

    private static String reason(int errno) {
        return switch (errno) {
            case EPERM -> "operation not permitted";
            case ENOENT -> "no such file or directory";
            case 5 -> "input/output error";
            case 13 -> "permission denied";
            case EEXIST -> "file exists";
            case ENOTDIR -> "not a directory";
            case EISDIR -> "is a directory";
            case 22 -> "invalid argument";
            case 24 -> "too many open files";
            case 28 -> "no space left on device";
            case 30 -> "read-only file system";
            case 31 -> "too many links";
            case 36 -> "file name too long";
            case ELOOP -> "too many levels of symbolic links";
            case EOPNOTSUPP -> "not supported by the file system";
            case 122 -> "disk quota exceeded";
            default -> "errno " + errno;
        };
    }
}
