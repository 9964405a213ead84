package dev.jcompose.runtime.linux.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A directory being filled from an untrusted source. Every parent is opened by name relative to its own parent, never
 * through a link, so no sequence of entries can make anything outside of it. The last directories stay open, as archives
 * list neighbours together.
 */
final class RootDirectory implements AutoCloseable {
    private static final int BLOCK = 64 << 10;
    private static final byte[] ZEROS = new byte[BLOCK];

    private final Syscalls sys = new Syscalls();
    private final List<String> names = new ArrayList<>();
    private final List<Integer> open = new ArrayList<>();
    private final byte[] buffer = new byte[BLOCK];
    private final MissingParent missingParent;

    /** Makes a parent directory that the archive has not named before its content; false when it must not be. */
    @FunctionalInterface
    interface MissingParent {
        boolean make(int dir, EntryName name, boolean nameIsTaken) throws IOException;
    }

    RootDirectory(Path root, MissingParent missingParent) throws IOException {
        this.missingParent = missingParent;
        open.add(sys.openDirectory(root.toString()));
    }

    /** Descriptor of an entry's parent, made if it is missing. */
    int parent(EntryName name) throws IOException {
        return directory(name.parent());
    }

    private int directory(EntryName name) throws IOException {
        int common = common(name.names());
        closeBelow(common);
        for (int i = common; i < name.names().size(); i++) {
            open.add(enter(new EntryName(name.names().subList(0, i + 1))));
            names.add(name.names().get(i));
        }
        return open.getLast();
    }

    private int common(List<String> wanted) {
        int i = 0;
        while (i < names.size() && i < wanted.size() && names.get(i).equals(wanted.get(i))) {
            i++;
        }
        return i;
    }

    private int enter(EntryName name) throws IOException {
        int flags = Syscalls.O_RDONLY | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW;
        try {
            return sys.openAt(open.getLast(), name.last(), flags, 0);
        } catch (SyscallException e) {
            boolean taken = e.errno() == SyscallException.ENOTDIR || e.errno() == SyscallException.ELOOP;
            if (!taken && e.errno() != SyscallException.ENOENT) {
                throw e;
            }
            if (!missingParent.make(open.getLast(), name, taken)) {
                throw new LayerException("layer entries below \"" + name + "\", which is no directory there");
            }
            return sys.openAt(open.getLast(), name.last(), flags, 0);
        }
    }

    private void closeBelow(int depth) throws IOException {
        while (names.size() > depth) {
            names.removeLast();
            sys.closeFile(open.removeLast());
        }
    }

    Optional<FileStat> stat(int dir, String name) throws IOException {
        return sys.stat(dir, name);
    }

    void makeDirectory(int dir, String name) throws IOException {
        sys.mkdirAt(dir, name);
    }

    void makeNode(int dir, String name, int mode, long device) throws IOException {
        sys.mknodAt(dir, name, mode, device);
    }

    void makeLink(int dir, String name, String target) throws IOException {
        sys.symlinkAt(target, dir, name);
    }

    /** A second name for a file made before. */
    void makeHardLink(EntryName from, EntryName to) throws IOException {
        // Both parents must be open at once, so the first is opened a second time.
        int first = sys.openAt(parent(from), ".", Syscalls.O_RDONLY | Syscalls.O_DIRECTORY, 0);
        try {
            sys.linkAt(first, from.last(), parent(to), to.last());
        } finally {
            sys.closeFile(first);
        }
    }

    /** Makes a file of an archive's content; blocks of zeros become holes, as what was a hole before. */
    void makeFile(int dir, String name, TarReader content, TarHeader header) throws IOException {
        int flags = Syscalls.O_WRONLY | Syscalls.O_CREAT | Syscalls.O_EXCL | Syscalls.O_NOFOLLOW;
        int fd = sys.openAt(dir, name, flags, 0600);
        try {
            long written = 0;
            for (var segment : header.segments()) {
                written = write(fd, content, segment, written);
            }
            if (written < header.size()) {
                sys.truncate(fd, header.size());
            }
        } finally {
            sys.closeFile(fd);
        }
    }

    /** Returns where the last byte that is not in a hole ends. */
    private long write(int fd, TarReader content, TarHeader.Segment segment, long before) throws IOException {
        long written = before;
        long end = segment.offset() + segment.length();
        for (long at = segment.offset(); at < end; ) {
            int n = fill(content, (int) Math.min(BLOCK, end - at));
            if (n < BLOCK || !Arrays.equals(buffer, ZEROS)) {
                sys.write(fd, buffer, n, at);
                written = at + n;
            }
            at += n;
        }
        return written;
    }

    private int fill(TarReader content, int wanted) throws IOException {
        int filled = 0;
        while (filled < wanted) {
            int n = content.read(buffer, filled, wanted - filled);
            if (n < 0) {
                throw new LayerException("the tar ends too early");
            }
            filled += n;
        }
        return filled;
    }

    /** Where only one id is to be had, everything is owned by it. */
    void setOwner(int dir, String name, int uid, int gid) throws IOException {
        if (UserNamespace.isSingleId()) {
            return;
        }
        sys.chownAt(dir, name, uid, gid);
    }

    void setMode(int dir, String name, int mode) throws IOException {
        sys.chmodAt(dir, name, mode & 07777);
    }

    void setTime(int dir, String name, FileTime time) throws IOException {
        var instant = time.toInstant();
        sys.timesAt(dir, name, instant.getEpochSecond(), instant.getNano());
    }

    void setAttribute(int dir, String name, String key, byte[] value) throws IOException {
        sys.setXattr(dir, name, key, value);
    }

    void removeFile(int dir, String name) throws IOException {
        sys.unlinkAt(dir, name, 0);
    }

    /** Removes whatever has this name, so that another entry can take it. */
    void remove(EntryName name) throws IOException {
        if (common(name.names()) == name.names().size()) {
            closeBelow(name.names().size() - 1);
        }
        int dir = parent(name);
        try {
            sys.unlinkAt(dir, name.last(), 0);
        } catch (SyscallException e) {
            if (e.errno() != SyscallException.EISDIR) {
                throw e;
            }
            removeContent(name);
            sys.unlinkAt(parent(name), name.last(), Syscalls.AT_REMOVEDIR);
        }
    }

    private void removeContent(EntryName name) throws IOException {
        var content = new ArrayList<String>();
        try (var entries = Files.newDirectoryStream(Path.of("/proc/self/fd/" + directory(name), "."))) {
            entries.forEach(entry -> content.add(String.valueOf(entry.getFileName())));
        }
        for (var child : content) {
            remove(name.child(child));
        }
        closeBelow(name.names().size() - 1);
    }

    @Override
    public void close() throws IOException {
        try (sys) {
            closeBelow(0);
            sys.closeFile(open.getFirst());
        }
    }
}
