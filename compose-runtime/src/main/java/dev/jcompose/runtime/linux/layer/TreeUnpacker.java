package dev.jcompose.runtime.linux.layer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Unpacks a tar that is not trusted over files that are there: nothing is written outside of the directory, or through a link in it. */
public final class TreeUnpacker {
    private static final int CHARACTER = 0020000;
    private static final int BLOCK = 0060000;
    private static final int FIFO = 0010000;

    private final RootDirectory root;
    private final Optional<Owner> owner;
    private final Map<EntryName, FileTime> directoryTimes = new LinkedHashMap<>();

    /** Who owns what is unpacked, in place of whom the tar names. */
    public record Owner(int uid, int gid) {}

    private TreeUnpacker(RootDirectory root, Optional<Owner> owner) {
        this.root = root;
        this.owner = owner;
    }

    /** Unpacks into a directory of the tree, which must exist. */
    public static void unpack(InputStream tar, FileTree tree, String directory, Optional<Owner> owner)
            throws IOException {
        try (var root = new RootDirectory(tree.anchor(directory), TreeUnpacker::makeMissing)) {
            new TreeUnpacker(root, owner).run(new TarArchiveInputStream(tar, StandardCharsets.UTF_8.name()));
        }
    }

    private static boolean makeMissing(int dir, EntryName name, boolean nameIsTaken) {
        if (nameIsTaken) {
            return false;
        }
        throw new LayerException("the archive has \"" + name + "\" only after files in it");
    }

    private void run(TarArchiveInputStream tar) throws IOException {
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            var name = EntryName.parse(entry.getName());
            if (!name.isRoot()) {
                add(entry, name, tar);
            }
        }
        for (var directory : directoryTimes.entrySet()) {
            var name = directory.getKey();
            root.setTime(root.parent(name), name.last(), directory.getValue());
        }
    }

    private void add(TarArchiveEntry entry, EntryName name, InputStream content) throws IOException {
        int parent = root.parent(name);
        var existing = root.stat(parent, name.last());
        if (entry.isDirectory()) {
            if (existing.filter(stat -> !stat.isDirectory()).isPresent()) {
                throw new LayerException("cannot overwrite non-directory \"" + name + "\" with a directory");
            }
            if (existing.isEmpty()) {
                root.makeDirectory(parent, name.last());
            }
        } else {
            if (existing.filter(FileStat::isDirectory).isPresent()) {
                throw new LayerException("cannot overwrite directory \"" + name + "\" with a non-directory");
            }
            if (existing.isPresent()) {
                root.removeFile(parent, name.last());
            }
            make(entry, name, content);
        }
        finish(entry, name);
    }

    private void make(TarArchiveEntry entry, EntryName name, InputStream content) throws IOException {
        int parent = root.parent(name);
        if (entry.isSymbolicLink()) {
            root.makeLink(parent, name.last(), entry.getLinkName());
        } else if (entry.isLink()) {
            root.makeHardLink(EntryName.parse(entry.getLinkName()), name);
        } else if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
            int type = entry.isCharacterDevice() ? CHARACTER : entry.isBlockDevice() ? BLOCK : FIFO;
            long device = ((long) entry.getDevMajor() << 8) | (entry.getDevMinor() & 0xff);
            root.makeNode(parent, name.last(), type | 0600, entry.isFIFO() ? 0 : device);
        } else if (entry.isFile()) {
            root.makeFile(parent, name.last(), content, entry.getSize());
        } else {
            throw new LayerException("the archive has an entry of an unknown type: \"" + name + "\"");
        }
    }

    private void finish(TarArchiveEntry entry, EntryName name) throws IOException {
        if (entry.isLink()) {
            return;
        }
        int parent = root.parent(name);
        var whose = owner.orElse(new Owner((int) entry.getLongUserId(), (int) entry.getLongGroupId()));
        root.setOwner(parent, name.last(), whose.uid(), whose.gid());
        if (!entry.isSymbolicLink()) {
            root.setMode(parent, name.last(), entry.getMode());
        }
        if (entry.isDirectory()) {
            directoryTimes.put(name, entry.getLastModifiedTime());
        } else {
            root.setTime(parent, name.last(), entry.getLastModifiedTime());
        }
    }
}
