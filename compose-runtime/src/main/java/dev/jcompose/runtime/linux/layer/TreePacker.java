package dev.jcompose.runtime.linux.layer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Packs a tree of files that may be changing meanwhile. */
final class TreePacker {
    private static final int BLOCK = 64 << 10;

    private final Syscalls sys;
    private final OutputStream out;
    private final boolean sameMount;
    private final Map<String, String> linked = new HashMap<>();

    TreePacker(Syscalls sys, OutputStream out, boolean sameMount) {
        this.sys = sys;
        this.out = out;
        this.sameMount = sameMount;
    }

    /** Leaves the stream open. */
    void pack(FileTree.Place place, String name) throws IOException {
        var tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        pack(place, name, tar);
        tar.finish();
        out.flush();
    }

    private void pack(FileTree.Place place, String name, TarArchiveOutputStream tar) throws IOException {
        var stat = FileStat.of(place.path());
        if (stat.isEmpty()) {
            throw new SyscallException("open " + place.name(), SyscallException.ENOENT);
        }
        if (stat.get().isDirectory()) {
            packDirectory(place, stat.get(), name, tar);
        } else if (stat.get().isRegularFile()) {
            packFile(place, stat.get(), name, tar);
        } else if (!stat.get().isSocket()) {
            var header = special(place, stat.get(), name);
            put(header, stat.get(), tar);
            tar.closeArchiveEntry();
        }
    }

    private void packDirectory(FileTree.Place place, FileStat stat, String name, TarArchiveOutputStream tar)
            throws IOException {
        put(new TarArchiveEntry(name.isEmpty() ? "./" : name + "/"), stat, tar);
        tar.closeArchiveEntry();
        int flags = Syscalls.O_RDONLY | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW;
        int directory;
        try {
            directory = open(place, flags);
        } catch (SyscallException e) {
            if (e.errno() == SyscallException.EXDEV || e.errno() == SyscallException.ENOENT) {
                return; // another mount, or gone meanwhile
            }
            throw e;
        }
        try {
            for (var child : children(directory)) {
                packChild(new FileTree.Place(directory, child), name.isEmpty() ? child : name + "/" + child, tar);
            }
        } finally {
            sys.closeFile(directory);
        }
    }

    private int open(FileTree.Place place, int flags) throws IOException {
        return sameMount
                ? sys.openInRoot(place.directory(), place.name(), flags, true)
                : sys.openAt(place.directory(), place.name(), flags, 0);
    }

    private static List<String> children(int directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(Path.of("/proc/self/fd/" + directory + "/."))) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        }
        names.sort(null);
        return names;
    }

    private void packChild(FileTree.Place place, String name, TarArchiveOutputStream tar) throws IOException {
        if (FileStat.of(place.path()).isPresent()) {
            pack(place, name, tar);
        }
    }

    private void packFile(FileTree.Place place, FileStat stat, String name, TarArchiveOutputStream tar)
            throws IOException {
        var key = stat.inode() + " " + stat.size() + " " + stat.modified(); // other mounts have their own numbers
        var earlier = stat.links() > 1 ? linked.putIfAbsent(key, name) : null;
        if (earlier != null) {
            var header = new TarArchiveEntry(name, TarConstants.LF_LINK);
            header.setLinkName(earlier);
            put(header, stat, tar);
            tar.closeArchiveEntry();
            return;
        }
        int file;
        try {
            file = open(place, Syscalls.O_RDONLY | Syscalls.O_NOFOLLOW | Syscalls.O_NONBLOCK);
        } catch (SyscallException e) {
            if (e.errno() == SyscallException.EXDEV || e.errno() == SyscallException.ENOENT) {
                return;
            }
            throw e;
        }
        var opened = Path.of("/proc/self/fd/" + file);
        try (var in = Files.newInputStream(opened)) {
            long size = Files.isRegularFile(opened) ? Files.size(opened) : 0;
            var header = new TarArchiveEntry(name);
            header.setSize(size);
            put(header, stat, tar);
            copy(in, size, tar);
            tar.closeArchiveEntry();
        } finally {
            sys.closeFile(file);
        }
    }

    /** Exactly as much as was announced, whatever becomes of the file meanwhile. */
    private static void copy(InputStream in, long size, OutputStream tar) throws IOException {
        byte[] buffer = new byte[BLOCK];
        long left = size;
        while (left > 0) {
            int wanted = (int) Math.min(left, BLOCK);
            int got = in.readNBytes(buffer, 0, wanted);
            Arrays.fill(buffer, got, wanted, (byte) 0);
            tar.write(buffer, 0, wanted);
            left -= wanted;
        }
    }

    private static TarArchiveEntry special(FileTree.Place place, FileStat stat, String name) throws IOException {
        if (stat.isSymbolicLink()) {
            var header = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            header.setLinkName(Files.readSymbolicLink(place.path()).toString());
            return header;
        }
        byte type = stat.isCharacterDevice()
                ? TarConstants.LF_CHR
                : stat.isBlockDevice() ? TarConstants.LF_BLK : TarConstants.LF_FIFO;
        var header = new TarArchiveEntry(name, type);
        header.setDevMajor((int) ((stat.device() >> 8) & 0xfff));
        header.setDevMinor((int) ((stat.device() & 0xff) | ((stat.device() >> 12) & 0xfff00)));
        return header;
    }

    private static void put(TarArchiveEntry header, FileStat stat, TarArchiveOutputStream tar) throws IOException {
        header.setMode(stat.permissions());
        header.setUserId(Integer.toUnsignedLong(stat.uid()));
        header.setGroupId(Integer.toUnsignedLong(stat.gid()));
        header.setUserName("");
        header.setGroupName("");
        header.setLastModifiedTime(stat.modified());
        tar.putArchiveEntry(header);
    }
}
