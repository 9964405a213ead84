package dev.jcompose.runtime.linux.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what an overlay's upper directory says was changed, as entries of a layer. */
public final class UpperDirectory {
    private static final String OPAQUE = UserNamespace.opaqueAttribute();

    private final Path root;
    private final SortedMap<String, LayerEntry> entries = new TreeMap<>();
    private final Syscalls sys;

    private UpperDirectory(Path root, Syscalls sys) {
        this.root = root;
        this.sys = sys;
    }

    /** All that was added, changed and deleted; deletions in the form of layer archives. */
    public static SortedMap<String, LayerEntry> entries(Path upper) throws IOException {
        try (var sys = new Syscalls()) {
            var reader = new UpperDirectory(upper, sys);
            reader.read("");
            return reader.entries;
        }
    }

    private void read(String directory) throws IOException {
        try (var files = Files.newDirectoryStream(root.resolve(directory))) {
            for (var file : files) {
                var name = String.valueOf(file.getFileName());
                add(directory.isEmpty() ? name : directory + "/" + name, directory, file);
            }
        }
    }

    private void add(String path, String parent, Path file) throws IOException {
        var stat = FileStat.of(file);
        if (stat.isEmpty() || stat.get().isSocket()) {
            return;
        }
        if (stat.get().isWhiteout()) {
            var name = LayerExtractor.WHITEOUT + file.getFileName();
            entries.put(parent.isEmpty() ? name : parent + "/" + name, marker(stat.get()));
            return;
        }
        entries.put(path, LayerEntry.of(file, stat.get()).withAttributes(Attributes.of(file, sys)));
        if (stat.get().isDirectory()) {
            if (sys.hasXattr(file.toString(), OPAQUE)) {
                entries.put(path + "/" + LayerExtractor.OPAQUE, marker(stat.get()));
            }
            read(path);
        }
    }

    private static LayerEntry marker(FileStat stat) {
        return new LayerEntry(new LayerEntry.Content.Text(""), 0, 0, 0, stat.modified());
    }
}
