package dev.jcompose.runtime.linux.layer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
            new TreeUnpacker(root, owner).run(new TarReader(tar));
        }
    }

    private static boolean makeMissing(int dir, EntryName name, boolean nameIsTaken) {
        if (nameIsTaken) {
            return false;
        }
        throw new LayerException("the archive has \"" + name + "\" only after files in it");
    }

    private void run(TarReader tar) throws IOException {
        for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
            var name = EntryName.parse(entry.get().name());
            if (!name.isRoot()) {
                add(entry.get(), name, tar);
            }
        }
        for (var directory : directoryTimes.entrySet()) {
            var name = directory.getKey();
            root.setTime(root.parent(name), name.last(), directory.getValue());
        }
    }

    private void add(TarHeader entry, EntryName name, TarReader content) throws IOException {
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

    private void make(TarHeader entry, EntryName name, TarReader content) throws IOException {
        int parent = root.parent(name);
        switch (entry.type()) {
            case TarHeader.LINK -> root.makeLink(parent, name.last(), entry.linkName());
            case TarHeader.HARD_LINK -> root.makeHardLink(EntryName.parse(entry.linkName()), name);
            case TarHeader.CHARACTER -> root.makeNode(parent, name.last(), CHARACTER | 0600, device(entry));
            case TarHeader.BLOCK -> root.makeNode(parent, name.last(), BLOCK | 0600, device(entry));
            case TarHeader.FIFO -> root.makeNode(parent, name.last(), FIFO | 0600, 0);
            case TarHeader.FILE -> root.makeFile(parent, name.last(), content, entry);
            default -> throw new LayerException("the archive has an entry of an unknown type: \"" + name + "\"");
        }
    }

    private static long device(TarHeader entry) {
        return (entry.devMajor() << 8) | (entry.devMinor() & 0xff);
    }

    private void finish(TarHeader entry, EntryName name) throws IOException {
        if (entry.type() == TarHeader.HARD_LINK) {
            return;
        }
        int parent = root.parent(name);
        var whose = owner.orElse(new Owner((int) entry.uid(), (int) entry.gid()));
        root.setOwner(parent, name.last(), whose.uid(), whose.gid());
        if (entry.type() != TarHeader.LINK) {
            root.setMode(parent, name.last(), entry.mode());
        }
        if (entry.isDirectory()) {
            directoryTimes.put(name, entry.modified());
        } else {
            root.setTime(parent, name.last(), entry.modified());
        }
    }
}
