package dev.jcompose.runtime.linux.layer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Unpacks one layer's tar into a directory that becomes an overlay's lower directory: deleted files become whiteouts of
 * the kernel's form, replaced directories are marked opaque. The tar is not trusted: what would reach outside of the
 * directory, or is not what a layer may hold, ends the unpacking with a {@link LayerException}.
 */
public final class LayerExtractor {
    static final String WHITEOUT = ".wh.";
    private static final String RESERVED = ".wh..wh.";
    static final String OPAQUE = ".wh..wh..opq";
    private static final byte[] YES = {'y'};
    private static final int CHARACTER = 0020000;
    private static final int BLOCK = 0060000;
    private static final int FIFO = 0010000;

    private final Supplier<LayeredFiles> below;
    private final LayerLimits limits;
    private final RootDirectory root;
    private final Map<EntryName, FileTime> directoryTimes = new LinkedHashMap<>();
    private final Set<EntryName> whiteouts = new HashSet<>();
    private final Set<String> opaque = new TreeSet<>();
    private long bytes;

    private LayerExtractor(Path target, Supplier<LayeredFiles> below, LayerLimits limits) throws IOException {
        this.below = below;
        this.limits = limits;
        this.root = new RootDirectory(target, this::makeMissingParent);
    }

    /** What was unpacked; {@code opaque} lists the directories that hide those of lower layers. */
    public record Extracted(long bytes, Set<String> opaque) {
        public Extracted {
            opaque = Set.copyOf(opaque);
        }
    }

    /**
     * Unpacks a tar into an empty directory.
     *
     * @param below the layers under this one: a directory the tar does not list itself looks as it does there
     */
    public static Extracted extract(InputStream tar, Path target, LayeredFiles below, LayerLimits limits)
            throws IOException {
        return extract(tar, target, () -> below, limits);
    }

    /** The same; what is below is asked for only when it matters, as it may not be unpacked yet. */
    public static Extracted extract(InputStream tar, Path target, Supplier<LayeredFiles> below, LayerLimits limits)
            throws IOException {
        var extractor = new LayerExtractor(target, below, limits);
        try (extractor.root) {
            extractor.run(new TarReader(tar));
        }
        return new Extracted(extractor.bytes, extractor.opaque);
    }

    /** Makes everything on a directory's file system durable. */
    public static void sync(Path directory) throws IOException {
        try (var sys = new Syscalls()) {
            int fd = sys.openDirectory(directory.toString());
            try {
                sys.syncFileSystem(fd);
            } finally {
                sys.closeFile(fd);
            }
        }
    }

    private void run(TarReader tar) throws IOException {
        long count = 0;
        for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
            if (++count > limits.entries()) {
                throw new LayerException("layer has more than " + limits.entries() + " entries" + LayerLimits.REMEDY);
            }
            try {
                add(entry.get(), tar);
            } catch (SyscallException e) {
                throw new LayerException(
                        "cannot unpack layer entry \"" + entry.get().name() + "\": " + reason(e), e);
            }
        }
        for (var directory : directoryTimes.entrySet()) {
            setTime(directory.getKey(), directory.getValue());
        }
    }

    private static String reason(SyscallException e) {
        return e.errno() == SyscallException.EPERM
                ? e.getMessage() + " (images need root)"
                : String.valueOf(e.getMessage());
    }

    private void add(TarHeader entry, TarReader content) throws IOException {
        var name = EntryName.parse(entry.name());
        if (name.isRoot()) {
            addRoot(entry);
        } else if (name.last().startsWith(RESERVED)) {
            addOpaque(name);
        } else if (name.last().startsWith(WHITEOUT)) {
            addWhiteout(name);
        } else {
            addFile(entry, name, content);
        }
    }

    private void addRoot(TarHeader entry) throws IOException {
        if (entry.isDirectory()) {
            int dir = root.parent(EntryName.parse("x"));
            root.setOwner(dir, ".", id(entry.uid()), id(entry.gid()));
            root.setMode(dir, ".", entry.mode());
        }
    }

    private void addOpaque(EntryName name) throws IOException {
        if (name.last().equals(OPAQUE) && name.names().size() > 1) {
            root.parent(name); // makes it
            markOpaque(root.parent(name.parent()), name.parent());
        }
    }

    private void markOpaque(int parent, EntryName directory) throws IOException {
        root.setAttribute(parent, directory.last(), UserNamespace.opaqueAttribute(), YES);
        opaque.add(directory.toString());
    }

    /** Hides what lower layers have of this name; what this layer has of this name stays. */
    private void addWhiteout(EntryName marker) throws IOException {
        var name = EntryName.parse(marker.last().substring(WHITEOUT.length()));
        if (name.isRoot()) {
            throw new LayerException("layer entry \"" + marker + "\" deletes nothing");
        }
        var target = marker.sibling(name.last());
        int dir = root.parent(target);
        var existing = root.stat(dir, target.last());
        if (existing.isEmpty()) {
            root.makeNode(dir, target.last(), CHARACTER, 0);
            whiteouts.add(target);
        } else if (existing.get().isDirectory()) {
            markOpaque(dir, target);
        }
    }

    private void addFile(TarHeader entry, EntryName name, TarReader content) throws IOException {
        int dir = root.parent(name);
        if (entry.isDirectory()) {
            addDirectory(entry, name);
            return;
        }
        if (root.stat(dir, name.last()).isPresent()) {
            root.remove(name);
            whiteouts.remove(name);
            dir = root.parent(name);
        }
        switch (entry.type()) {
            case TarHeader.HARD_LINK -> {
                addHardLink(entry, name);
                return;
            }
            case TarHeader.LINK -> root.makeLink(dir, name.last(), linkTarget(entry));
            case TarHeader.CHARACTER, TarHeader.BLOCK -> {
                if (!makeDevice(entry, dir, name)) {
                    return;
                }
            }
            case TarHeader.FIFO -> root.makeNode(dir, name.last(), FIFO, 0);
            case TarHeader.FILE -> addRegularFile(entry, name, content);
            default ->
                throw new LayerException("layer entry \"" + name + "\" is of the unknown type '" + entry.type() + "'");
        }
        finish(entry, name);
    }

    /** In a user namespace the kernel lets nobody make devices: they are left out, as a container gets its own anyway. */
    private boolean makeDevice(TarHeader entry, int dir, EntryName name) throws IOException {
        long device = device(entry);
        if (UserNamespace.isEntered()) {
            return false;
        }
        root.makeNode(dir, name.last(), entry.type() == TarHeader.CHARACTER ? CHARACTER : BLOCK, device);
        return true;
    }

    private void addRegularFile(TarHeader entry, EntryName name, TarReader content) throws IOException {
        bytes += entry.stored();
        if (bytes > limits.bytes() || bytes < 0 || entry.size() > limits.bytes()) {
            throw new LayerException("layer unpacks to more than " + limits.bytes() + " bytes" + LayerLimits.REMEDY);
        }
        root.makeFile(root.parent(name), name.last(), content, entry);
    }

    private static String linkTarget(TarHeader entry) {
        if (entry.linkName().isEmpty() || entry.linkName().indexOf('\0') >= 0) {
            throw new LayerException("layer entry \"" + entry.name() + "\" is a link without a valid target");
        }
        return entry.linkName();
    }

    private void addDirectory(TarHeader entry, EntryName name) throws IOException {
        int dir = root.parent(name);
        var existing = root.stat(dir, name.last());
        if (existing.isPresent() && !existing.get().isDirectory()) {
            root.remove(name);
            dir = root.parent(name);
        }
        if (existing.filter(FileStat::isDirectory).isEmpty()) {
            root.makeDirectory(dir, name.last());
            reveal(name);
        }
        directoryTimes.put(name, entry.modified());
        finish(entry, name);
    }

    /** A directory made where this layer has a whiteout still hides what is below. */
    private void reveal(EntryName name) throws IOException {
        if (whiteouts.remove(name)) {
            markOpaque(root.parent(name), name);
        }
    }

    private void addHardLink(TarHeader entry, EntryName name) throws IOException {
        var from = EntryName.parse(linkTarget(entry));
        var target = from.isRoot() ? Optional.<FileStat>empty() : existing(from);
        if (target.filter(stat -> stat.isRegularFile() || stat.isSymbolicLink()).isEmpty()) {
            throw new LayerException(
                    "layer entry \"" + name + "\" is a hard link to \"" + from + "\", which is no file of this layer");
        }
        root.makeHardLink(from, name);
    }

    private Optional<FileStat> existing(EntryName name) throws IOException {
        return root.stat(root.parent(name), name.last());
    }

    private void finish(TarHeader entry, EntryName name) throws IOException {
        int dir = root.parent(name);
        root.setOwner(dir, name.last(), id(entry.uid()), id(entry.gid()));
        if (entry.type() != TarHeader.LINK) {
            root.setMode(dir, name.last(), entry.mode());
        }
        for (var attribute : entry.attributes().entrySet()) {
            addAttribute(name, attribute.getKey(), attribute.getValue());
        }
        if (!entry.isDirectory()) {
            root.setTime(dir, name.last(), entry.modified());
        }
    }

    private void addAttribute(EntryName name, String key, byte[] value) throws IOException {
        var foreign = key.startsWith("trusted.overlay.") || key.startsWith("user.overlay.");
        var kept = key.startsWith("user.")
                || (key.startsWith("trusted.") && !UserNamespace.isEntered())
                || key.equals("security.capability");
        if (foreign || !kept) {
            return;
        }
        try {
            root.setAttribute(root.parent(name), name.last(), key, value);
        } catch (SyscallException e) {
            if (e.errno() != SyscallException.EOPNOTSUPP) {
                throw e;
            }
        }
    }

    private void setTime(EntryName name, FileTime time) throws IOException {
        var stat = existing(name);
        if (stat.filter(FileStat::isDirectory).isPresent()) {
            root.setTime(root.parent(name), name.last(), time);
        }
    }

    private boolean makeMissingParent(int dir, EntryName name, boolean nameIsTaken) throws IOException {
        boolean deleted = whiteouts.remove(name);
        if (nameIsTaken && !deleted) {
            return false;
        }
        if (deleted) {
            root.removeFile(dir, name.last());
        }
        var lower = below.get()
                .findLink(name.toString())
                .map(LayeredFiles.Found::stat)
                .filter(FileStat::isDirectory);
        root.makeDirectory(dir, name.last());
        root.setOwner(
                dir,
                name.last(),
                lower.map(FileStat::uid).orElse(0),
                lower.map(FileStat::gid).orElse(0));
        root.setMode(dir, name.last(), lower.map(FileStat::permissions).orElse(0755));
        lower.ifPresent(stat -> directoryTimes.put(name, stat.modified()));
        if (deleted) {
            markOpaque(dir, name);
        }
        return true;
    }

    private static int id(long id) {
        if (id < 0 || id >= 0xffffffffL) {
            throw new LayerException("a layer entry has the impossible owner " + id);
        }
        return (int) id;
    }

    /** Linux's encoding of a device number; 0:0 would be taken for a whiteout. */
    private static long device(TarHeader entry) {
        long major = entry.devMajor();
        long minor = entry.devMinor();
        if (major < 0 || minor < 0 || major > 0xfff || minor > 0xfffff || (major | minor) == 0) {
            throw new LayerException(
                    "layer entry \"" + entry.name() + "\" is the impossible device " + major + ":" + minor);
        }
        return (minor & 0xff) | (major << 8) | ((minor & ~0xffL) << 12);
    }
}
