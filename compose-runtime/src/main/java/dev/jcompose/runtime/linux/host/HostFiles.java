package dev.jcompose.runtime.linux.host;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.layer.FileStat;
import dev.jcompose.runtime.linux.layer.LayerEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Files of this machine on their way into a layer, under the names they have here: links stay links and what they lead
 * to comes along. Times are left out, so that the same files always give the same layer.
 */
final class HostFiles {
    private static final FileTime TIME = FileTime.fromMillis(0);
    private static final int MAX_LINKS = 40;
    private static final List<String> NEVER = List.of("proc", "sys", "dev", "run");

    private final SortedMap<String, LayerEntry> entries = new TreeMap<>();

    SortedMap<String, LayerEntry> entries() {
        return entries;
    }

    boolean has(String path) {
        return entries.containsKey(path);
    }

    void directory(String path, int mode) {
        entries.putIfAbsent(path, new LayerEntry(new LayerEntry.Content.Directory(), mode, 0, 0, TIME));
    }

    /** Makes a file of our own where the machine's is not taken along. */
    void text(String path, String text) {
        entries.putIfAbsent(path, new LayerEntry(new LayerEntry.Content.Text(text), 0644, 0, 0, TIME));
    }

    /** Takes a file along, or a directory without its content; returns where it really is, empty when there is none. */
    Optional<Path> add(Path file) {
        var rest = new ArrayDeque<Path>();
        file.toAbsolutePath().normalize().forEach(rest::add);
        var here = Path.of("/");
        int links = 0;
        while (!rest.isEmpty()) {
            var next = here.resolve(rest.pop()).normalize();
            var stat = stat(next);
            if (stat.isEmpty()) {
                return Optional.empty();
            }
            put(next, stat.get());
            here = next;
            if (stat.get().isSymbolicLink()) {
                if (++links > MAX_LINKS) {
                    throw new BackendException("\"" + file + "\": too many levels of symbolic links");
                }
                var target = parent(next).resolve(target(next)).normalize();
                var names = new ArrayList<Path>();
                target.forEach(names::add);
                names.reversed().forEach(rest::push);
                here = Path.of("/");
            }
        }
        return Optional.of(here);
    }

    private void put(Path file, FileStat stat) {
        var name = file.toString().substring(1);
        if (!name.isEmpty() && NEVER.contains(file.getName(0).toString())) {
            throw new BackendException("\"" + file + "\" belongs to the running system: an image cannot have it");
        }
        if (!stat.isDirectory() && !stat.isRegularFile() && !stat.isSymbolicLink()) {
            throw new BackendException("\"" + file + "\" is neither a file nor a directory nor a link");
        }
        if (!name.isEmpty()) {
            var entry = LayerEntry.of(file, stat);
            entries.putIfAbsent(name, new LayerEntry(entry.content(), entry.mode(), entry.uid(), entry.gid(), TIME));
        }
    }

    /** Takes a directory along with all that is in it but compiled caches; returns its regular files. */
    List<Path> addTree(Path directory) throws IOException {
        var real = add(directory);
        if (real.isEmpty()) {
            return List.of();
        }
        var files = new ArrayList<Path>();
        try (var walk = Files.walk(real.get())) {
            for (var file : walk.sorted().toList()) {
                if (file.toString().contains("/__pycache__")) {
                    continue; // written by whoever ran something last
                }
                var stat = stat(file);
                if (stat.isPresent() && (stat.get().isDirectory() || stat.get().isRegularFile())) {
                    put(file, stat.get());
                } else if (stat.isPresent() && stat.get().isSymbolicLink()) {
                    add(file);
                }
                if (stat.filter(FileStat::isRegularFile).isPresent()) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    private static Optional<FileStat> stat(Path file) {
        try {
            return FileStat.of(file);
        } catch (IOException e) {
            throw new BackendException("cannot read \"" + file + "\": " + e.getMessage(), e);
        }
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            throw new BackendException("cannot read \"" + link + "\": " + e.getMessage(), e);
        }
    }

    private static Path parent(Path file) {
        return Optional.ofNullable(file.getParent()).orElse(Path.of("/"));
    }
}
