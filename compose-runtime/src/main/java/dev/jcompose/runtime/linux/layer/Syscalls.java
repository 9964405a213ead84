package dev.jcompose.runtime.linux.layer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The file system calls relative to an open directory that Java does not offer: without them a name could be redirected
 * between check and use, and device nodes, owners of links and {@code trusted.*} attributes could not be made at all.
 * One instance belongs to one thread.
 */
final class Syscalls implements AutoCloseable {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    // These two differ between architectures: asm-generic against arm and arm64.
    static final int O_DIRECTORY = arm() ? 040000 : 0200000;
    static final int O_NOFOLLOW = arm() ? 0100000 : 0400000;
    static final int O_CLOEXEC = 02000000;
    static final int O_NONBLOCK = 04000;
    static final int O_PATH = 010000000;
    private static final long OPENAT2 = 437;
    private static final long NO_MOUNTS = 0x01;
    private static final long NO_MAGIC_LINKS = 0x02;
    private static final long IN_ROOT = 0x10;
    static final int AT_REMOVEDIR = 0x200;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_SIZE = 256;
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int BUFFER = 128 << 10;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO_CAPTURE = Linker.Option.captureCallState("errno");
    private static final MemoryLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = ERRNO_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPENAT = linkVariadic("openat", 3, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle SYSCALL =
            linkVariadic("syscall", 1, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle MKDIRAT = link("mkdirat", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle MKNODAT = link("mknodat", JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);
    private static final MethodHandle SYMLINKAT = link("symlinkat", ADDRESS, JAVA_INT, ADDRESS);
    private static final MethodHandle LINKAT = link("linkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle UNLINKAT = link("unlinkat", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle FCHOWNAT = link("fchownat", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle FCHMODAT = link("fchmodat", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle UTIMENSAT = link("utimensat", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle LSETXATTR = link("lsetxattr", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle LGETXATTR = link("lgetxattr", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle STATX = link("statx", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle LLISTXATTR = link("llistxattr", ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle PWRITE = link("pwrite", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FTRUNCATE = link("ftruncate", JAVA_INT, JAVA_LONG);
    private static final MethodHandle SYNCFS = link("syncfs", JAVA_INT);
    private static final MethodHandle CLOSE = link("close", JAVA_INT);

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(ERRNO_LAYOUT);
    private final MemorySegment first = arena.allocate(BUFFER);
    private final MemorySegment second = arena.allocate(BUFFER);

    int openDirectory(String path) throws SyscallException {
        var name = text(first, path);
        int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
        return call("open", () -> (int) OPENAT.invokeExact(state, AT_FDCWD, name, flags, 0));
    }

    int openAt(int dir, String path, int flags, int mode) throws SyscallException {
        var name = text(first, path);
        return call("openat", () -> (int) OPENAT.invokeExact(state, dir, name, flags | O_CLOEXEC, mode));
    }

    /** Opens a path as if {@code root} were the root of all, never leading out of it; optionally not onto another mount either. */
    int openInRoot(int root, String path, int flags, boolean sameMount) throws SyscallException {
        var name = text(first, path);
        var how = second.asSlice(0, 24);
        how.setAtIndex(JAVA_LONG, 0, Integer.toUnsignedLong(flags | O_CLOEXEC));
        how.setAtIndex(JAVA_LONG, 1, 0);
        how.setAtIndex(JAVA_LONG, 2, IN_ROOT | NO_MAGIC_LINKS | (sameMount ? NO_MOUNTS : 0));
        return call("openat2", () -> (int) SYSCALL.invokeExact(state, OPENAT2, root, name, how, 24L));
    }

    void mkdirAt(int dir, String path) throws SyscallException {
        var name = text(first, path);
        call("mkdirat", () -> (int) MKDIRAT.invokeExact(state, dir, name, 0700));
    }

    void mknodAt(int dir, String path, int mode, long device) throws SyscallException {
        var name = text(first, path);
        call("mknodat", () -> (int) MKNODAT.invokeExact(state, dir, name, mode, device));
    }

    void symlinkAt(String target, int dir, String path) throws SyscallException {
        var to = text(first, target);
        var name = text(second, path);
        call("symlinkat", () -> (int) SYMLINKAT.invokeExact(state, to, dir, name));
    }

    void linkAt(int fromDir, String from, int toDir, String to) throws SyscallException {
        var old = text(first, from);
        var name = text(second, to);
        call("linkat", () -> (int) LINKAT.invokeExact(state, fromDir, old, toDir, name, 0));
    }

    void unlinkAt(int dir, String path, int flags) throws SyscallException {
        var name = text(first, path);
        call("unlinkat", () -> (int) UNLINKAT.invokeExact(state, dir, name, flags));
    }

    void chownAt(int dir, String path, int uid, int gid) throws SyscallException {
        var name = text(first, path);
        call("fchownat", () -> (int) FCHOWNAT.invokeExact(state, dir, name, uid, gid, AT_SYMLINK_NOFOLLOW));
    }

    /** Never for symbolic links: it would follow them. */
    void chmodAt(int dir, String path, int mode) throws SyscallException {
        var name = text(first, path);
        call("fchmodat", () -> (int) FCHMODAT.invokeExact(state, dir, name, mode, 0));
    }

    /** Sets both times of a file, not following a link. */
    void timesAt(int dir, String path, long seconds, int nanos) throws SyscallException {
        var name = text(first, path);
        var times = second.asSlice(0, 32);
        for (int i = 0; i < 2; i++) {
            times.setAtIndex(JAVA_LONG, 2L * i, seconds);
            times.setAtIndex(JAVA_LONG, 2L * i + 1, nanos);
        }
        call("utimensat", () -> (int) UTIMENSAT.invokeExact(state, dir, name, times, AT_SYMLINK_NOFOLLOW));
    }

    void setXattr(int dir, String path, String attribute, byte[] value) throws SyscallException {
        try (var values = Arena.ofConfined()) {
            var name = text(first, "/proc/self/fd/" + dir + "/" + path);
            var key = text(second, attribute);
            var bytes = values.allocate(Math.max(1, value.length));
            MemorySegment.copy(value, 0, bytes, ValueLayout.JAVA_BYTE, 0, value.length);
            long size = value.length;
            call("lsetxattr", () -> (int) LSETXATTR.invokeExact(state, name, key, bytes, size, 0));
        }
    }

    /** Whether a file has an extended attribute, whatever its value. */
    boolean hasXattr(String path, String attribute) throws SyscallException {
        var name = text(first, path);
        var key = text(second, attribute);
        try {
            call("lgetxattr", () -> (int) LGETXATTR.invokeExact(state, name, key, MemorySegment.NULL, 0L));
            return true;
        } catch (SyscallException e) {
            if (e.errno() == SyscallException.ENODATA || e.errno() == SyscallException.EOPNOTSUPP) {
                return false;
            }
            throw e;
        }
    }

    /** Looks at a file without following a link; empty when there is none. */
    Optional<FileStat> stat(int dir, String path) throws SyscallException {
        var name = text(first, path);
        var status = second.asSlice(0, STATX_SIZE);
        try {
            call("statx", () ->
                    (int) STATX.invokeExact(state, dir, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, status));
        } catch (SyscallException e) {
            if (e.errno() == SyscallException.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
        var modified = Instant.ofEpochSecond(status.get(JAVA_LONG, 112), status.get(JAVA_INT, 120));
        long device = ((long) status.get(JAVA_INT, 128) << 8) | (status.get(JAVA_INT, 132) & 0xff);
        return Optional.of(new FileStat(
                status.get(ValueLayout.JAVA_SHORT, 28) & 0xffff,
                status.get(JAVA_INT, 20),
                status.get(JAVA_INT, 24),
                status.get(JAVA_LONG, 40),
                device | ((status.get(JAVA_INT, 132) & ~0xffL) << 12),
                status.get(JAVA_INT, 16),
                status.get(JAVA_LONG, 32),
                FileTime.from(modified)));
    }

    /** The names of a file's extended attributes. */
    List<String> xattrs(String path) throws SyscallException {
        var name = text(first, path);
        long room = BUFFER;
        try {
            int length = call("llistxattr", () -> (int) LLISTXATTR.invokeExact(state, name, second, room));
            return length == 0 ? List.of() : List.of(latin(length).split("\0", 0));
        } catch (SyscallException e) {
            if (e.errno() == SyscallException.EOPNOTSUPP) {
                return List.of();
            }
            throw e;
        }
    }

    /** The value of an extended attribute that is there. */
    byte[] xattr(String path, String attribute) throws SyscallException {
        try (var values = Arena.ofConfined()) {
            var name = text(first, path);
            var key = values.allocateFrom(attribute);
            long room = BUFFER;
            int length = call("lgetxattr", () -> (int) LGETXATTR.invokeExact(state, name, key, second, room));
            return second.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private String latin(int length) {
        return new String(second.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /** Writes all bytes at an offset of the file. */
    void write(int fd, byte[] bytes, int length, long offset) throws SyscallException {
        for (int done = 0; done < length; ) {
            int part = Math.min(length - done, BUFFER);
            MemorySegment.copy(bytes, done, first, ValueLayout.JAVA_BYTE, 0, part);
            long size = part;
            long at = offset + done;
            done += call("write", () -> (int) (long) PWRITE.invokeExact(state, fd, first, size, at));
        }
    }

    void truncate(int fd, long size) throws SyscallException {
        call("ftruncate", () -> (int) FTRUNCATE.invokeExact(state, fd, size));
    }

    /** Makes everything written to the file system of {@code fd} durable. */
    void syncFileSystem(int fd) throws SyscallException {
        call("syncfs", () -> (int) SYNCFS.invokeExact(state, fd));
    }

    void closeFile(int fd) throws SyscallException {
        call("close", () -> (int) CLOSE.invokeExact(state, fd));
    }

    @Override
    public void close() {
        arena.close();
    }

    @FunctionalInterface
    private interface Call {
        int run() throws Throwable;
    }

    private int call(String name, Call call) throws SyscallException {
        int result;
        try {
            result = call.run();
        } catch (Throwable e) { // what a method handle declares; a downcall itself throws nothing
            throw new IllegalStateException(name, e);
        }
        if (result == -1) {
            throw new SyscallException(name, (int) ERRNO.get(state, 0L));
        }
        return result;
    }

    private static MemorySegment text(MemorySegment buffer, String text) throws SyscallException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= BUFFER) {
            throw new SyscallException("name of " + bytes.length + " bytes", 36);
        }
        MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
        buffer.set(ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
        return buffer;
    }

    private static boolean arm() {
        var arch = System.getProperty("os.arch", "");
        return arch.equals("aarch64") || arch.startsWith("arm");
    }

    private static MethodHandle link(String name, ValueLayout... arguments) {
        return linkVariadic(name, arguments.length, arguments);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle linkVariadic(String name, int fixed, ValueLayout... arguments) {
        var address = LINKER.defaultLookup().find(name).orElseThrow(() -> new IllegalStateException("no " + name));
        var signature = FunctionDescriptor.of(name.equals("pwrite") ? JAVA_LONG : JAVA_INT, arguments);
        return fixed == arguments.length
                ? LINKER.downcallHandle(address, signature, ERRNO_CAPTURE)
                : LINKER.downcallHandle(address, signature, ERRNO_CAPTURE, Linker.Option.firstVariadicArg(fixed));
    }
}
