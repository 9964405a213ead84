package dev.jcompose.runtime.linux.layer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Unpacks one layer's tar into a directory that becomes an overlay's lower directory: deleted files become whiteouts of
 * the kernel's form, replaced directories are marked opaque. The tar is not trusted: what would reach outside of the
 * directory, or is not what a layer may hold, ends the unpacking with a {@link LayerException}.
 */
public final class LayerExtractor {
    static final String WHITEOUT = ".wh.";
    private static final String RESERVED = ".wh..wh.";
    static final String OPAQUE = ".wh..wh..opq";
    private static final String XATTR = "SCHILY.xattr.";
    private static final byte[] YES = {'y'};
    private static final int CHARACTER = 0020000;
    private static final int BLOCK = 0060000;
    private static final int FIFO = 0010000;

    private final LayeredFiles below;
    private final LayerLimits limits;
    private final RootDirectory root;
    private final Map<EntryName, FileTime> directoryTimes = new LinkedHashMap<>();
    private final Set<EntryName> whiteouts = new HashSet<>();
    private final Set<String> opaque = new TreeSet<>();
    private long bytes;

    private LayerExtractor(Path target, LayeredFiles below, LayerLimits limits) throws IOException {
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
     * Unpacks a tar into an empty directory and makes it durable.
     *
     * @param below the layers under this one: a directory the tar does not list itself looks as it does there
     */
    public static Extracted extract(InputStream tar, Path target, LayeredFiles below, LayerLimits limits)
            throws IOException {
        var extractor = new LayerExtractor(target, below, limits);
        try (extractor.root) {
            extractor.run(new TarArchiveInputStream(tar, StandardCharsets.UTF_8.name()));
            extractor.root.sync();
        }
        return new Extracted(extractor.bytes, extractor.opaque);
    }

    private void run(TarArchiveInputStream tar) throws IOException {
        long count = 0;
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (++count > limits.entries()) {
                throw new LayerException("layer has more than " + limits.entries() + " entries");
            }
            try {
                add(entry, tar);
            } catch (SyscallException e) {
                throw new LayerException("cannot unpack layer entry \"" + entry.getName() + "\": " + reason(e), e);
            } catch (IllegalArgumentException e) {
                throw new LayerException("layer entry \"" + entry.getName() + "\" is damaged: " + e.getMessage(), e);
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

    private void add(TarArchiveEntry entry, InputStream content) throws IOException {
        var name = EntryName.parse(entry.getName());
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

    private void addRoot(TarArchiveEntry entry) throws IOException {
        if (entry.isDirectory()) {
            int dir = root.parent(EntryName.parse("x"));
            root.setOwner(dir, ".", id(entry.getLongUserId()), id(entry.getLongGroupId()));
            root.setMode(dir, ".", entry.getMode());
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

    private void addFile(TarArchiveEntry entry, EntryName name, InputStream content) throws IOException {
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
        if (entry.isLink()) {
            addHardLink(entry, name);
            return;
        }
        if (entry.isSymbolicLink()) {
            root.makeLink(dir, name.last(), linkTarget(entry));
        } else if (entry.isCharacterDevice() || entry.isBlockDevice()) {
            root.makeNode(dir, name.last(), entry.isCharacterDevice() ? CHARACTER : BLOCK, device(entry));
        } else if (entry.isFIFO()) {
            root.makeNode(dir, name.last(), FIFO, 0);
        } else if (entry.isFile()) {
            addRegularFile(entry, name, content);
        } else {
            throw new LayerException(
                    "layer entry \"" + name + "\" is of the unknown type '" + (char) entry.getLinkFlag() + "'");
        }
        finish(entry, name);
    }

    private void addRegularFile(TarArchiveEntry entry, EntryName name, InputStream content) throws IOException {
        long size = entry.getRealSize();
        bytes += size;
        if (size < 0 || bytes > limits.bytes() || bytes < 0) {
            throw new LayerException("layer unpacks to more than " + limits.bytes() + " bytes");
        }
        root.makeFile(root.parent(name), name.last(), content, size);
    }

    private static String linkTarget(TarArchiveEntry entry) {
        if (entry.getLinkName().isEmpty() || entry.getLinkName().indexOf('\0') >= 0) {
            throw new LayerException("layer entry \"" + entry.getName() + "\" is a link without a valid target");
        }
        return entry.getLinkName();
    }

    private void addDirectory(TarArchiveEntry entry, EntryName name) throws IOException {
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
        directoryTimes.put(name, entry.getLastModifiedTime());
        finish(entry, name);
    }

    /** A directory made where this layer has a whiteout still hides what is below. */
    private void reveal(EntryName name) throws IOException {
        if (whiteouts.remove(name)) {
            markOpaque(root.parent(name), name);
        }
    }

    private void addHardLink(TarArchiveEntry entry, EntryName name) throws IOException {
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

    private void finish(TarArchiveEntry entry, EntryName name) throws IOException {
        int dir = root.parent(name);
        root.setOwner(dir, name.last(), id(entry.getLongUserId()), id(entry.getLongGroupId()));
        if (!entry.isSymbolicLink()) {
            root.setMode(dir, name.last(), entry.getMode());
        }
        for (var header : entry.getExtraPaxHeaders().entrySet()) {
            if (header.getKey().startsWith(XATTR)) {
                addAttribute(name, header.getKey().substring(XATTR.length()), header.getValue());
            }
        }
        if (!entry.isDirectory()) {
            root.setTime(dir, name.last(), entry.getLastModifiedTime());
        }
    }

    private void addAttribute(EntryName name, String key, String value) throws IOException {
        var foreign = key.startsWith("trusted.overlay.") || key.startsWith("user.overlay.");
        var kept = key.startsWith("user.")
                || (key.startsWith("trusted.") && !UserNamespace.isEntered())
                || key.equals("security.capability");
        if (foreign || !kept) {
            return;
        }
        if (value.indexOf('\ufffd') >= 0) {
            throw new LayerException("layer entry \"" + name + "\": attribute " + key + " cannot be read");
        }
        try {
            root.setAttribute(root.parent(name), name.last(), key, value.getBytes(StandardCharsets.UTF_8));
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
        var lower =
                below.findLink(name.toString()).map(LayeredFiles.Found::stat).filter(FileStat::isDirectory);
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
            throw new IllegalArgumentException("owner " + id);
        }
        return (int) id;
    }

    /** Linux's encoding of a device number; 0:0 would be taken for a whiteout. */
    private static long device(TarArchiveEntry entry) {
        long major = entry.getDevMajor();
        long minor = entry.getDevMinor();
        if (major < 0 || minor < 0 || major > 0xfff || minor > 0xfffff || (major | minor) == 0) {
            throw new LayerException(
                    "layer entry \"" + entry.getName() + "\" is the impossible device " + major + ":" + minor);
        }
        return (minor & 0xff) | (major << 8) | ((minor & ~0xffL) << 12);
    }
}
