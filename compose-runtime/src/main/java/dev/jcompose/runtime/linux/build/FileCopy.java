package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.IgnoreFile;
import dev.jcompose.runtime.build.Place;
import dev.jcompose.runtime.linux.layer.LayerEntry;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.linux.layer.LayeredFiles.Found;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files one COPY or ADD puts into the image: which path gets which file, as BuildKit decides it. A destination that is
 * there already keeps its owner and mode, but not a directory in it that is copied too; what has to be made gets those of
 * the copy.
 */
final class FileCopy {
    private final Place place;
    private final LayeredFiles image;
    private final Optional<Owner> owner;
    private final ModeChange mode;
    private final SortedMap<String, LayerEntry> entries = new TreeMap<>();
    private final Set<String> made = new HashSet<>();
    private FileTime newest = FileTime.fromMillis(0);

    FileCopy(Place place, LayeredFiles image, Optional<Owner> owner, ModeChange mode) {
        this.place = place;
        this.image = image;
        this.owner = owner;
        this.mode = mode;
    }

    /** What has been copied so far, with all parent directories. */
    SortedMap<String, LayerEntry> entries() {
        // Made directories get the time of what they were made for, so that a build can be repeated.
        made.forEach(path -> entries.computeIfPresent(path, (p, entry) -> entry.withTime(newest)));
        return entries;
    }

    /** Puts a directory's content into a directory. */
    void copyContent(SourceTree tree, Found directory, String target, IgnoreFile excludes) {
        makeDirectory(target);
        for (var child : tree.children(directory)) {
            copy(tree, child, target, directory.path(), excludes);
        }
    }

    private void copy(SourceTree tree, Found file, String parent, String base, IgnoreFile excludes) {
        var relative = base.isEmpty() ? file.path() : file.path().substring(base.length() + 1);
        var name = file.path().substring(file.path().lastIndexOf('/') + 1);
        var target = join(parent, name);
        if (excludes.ignores(relative)) {
            return;
        }
        if (!file.stat().isDirectory()) {
            put(target, entry(tree, file));
            return;
        }
        boolean included = tree.includes(file);
        if (included) {
            putDirectory(target, entry(tree, file));
        }
        for (var child : tree.children(file)) {
            copy(tree, child, target, base, excludes);
        }
        if (!included && made.remove(target)) {
            entries.put(target, entry(tree, file)); // left out itself, but not all it holds
        }
    }

    /** Makes the directories above a file as they are at its source. */
    void keepParents(SourceTree tree, Found file, String target, String kept) {
        var parts = kept.isEmpty() ? new String[0] : kept.split("/", -1);
        int above = (int) file.path().chars().filter(c -> c == '/').count()
                + (file.stat().isDirectory() ? 1 : 0)
                - parts.length;
        var source = new StringBuilder();
        var all = file.path().split("/", -1);
        var at = target;
        for (int i = 0; i < above + parts.length && i < all.length; i++) {
            source.append(i == 0 ? "" : "/").append(all[i]);
            if (i >= above) {
                at = join(at, all[i]);
                var directory = tree.files().find(source.toString()).orElseThrow();
                putDirectory(at, entry(tree, directory));
            }
        }
    }

    /** Puts one file, not a directory, at a path. */
    void copyFile(SourceTree tree, Found file, String target) {
        put(target, entry(tree, file));
    }

    void putText(String text, String target) {
        var plain = new LayerEntry(new LayerEntry.Content.Text(text), 0644, 0, 0, newest);
        put(target, changed(plain));
    }

    private LayerEntry entry(SourceTree tree, Found file) {
        var entry = LayerEntry.of(file);
        if (newest.compareTo(entry.modified()) < 0) {
            newest = entry.modified();
        }
        return changed(tree.owned() ? entry : entry.withOwner(0, 0));
    }

    private LayerEntry changed(LayerEntry entry) {
        var owned = owner.map(o -> entry.withOwner(o.uid(), o.gid())).orElse(entry);
        return mode.isNone() ? owned : owned.withMode(mode.apply(owned.mode(), owned.isDirectory()));
    }

    private void put(String path, LayerEntry entry) {
        if (path.isEmpty() || isDirectory(path)) {
            throw new BuildException(place, "COPY failed: cannot replace the directory \"/" + path + "\" by a file");
        }
        makeDirectory(parent(path));
        entries.put(path, entry);
    }

    private void putDirectory(String path, LayerEntry entry) {
        if (isDirectory(path)) {
            makeDirectory(parent(path));
            made.remove(path);
            entries.put(path, entry);
            return;
        }
        if (entries.containsKey(path) || image.findLink(path).isPresent()) {
            throw new BuildException(place, "COPY failed: cannot replace the file \"/" + path + "\" by a directory");
        }
        makeDirectory(parent(path));
        entries.put(path, entry);
    }

    /** Whether a path is a directory now, in the image or by this copy. */
    boolean isDirectory(String path) {
        var own = entries.get(path);
        if (own != null) {
            return own.isDirectory();
        }
        return path.isEmpty()
                || image.findLink(path)
                        .filter(found -> found.stat().isDirectory())
                        .isPresent();
    }

    /** Makes a directory and its parents where they are missing; lists those that exist as they are. */
    void makeDirectory(String path) {
        if (path.isEmpty()
                || Optional.ofNullable(entries.get(path))
                        .filter(LayerEntry::isDirectory)
                        .isPresent()) {
            return;
        }
        makeDirectory(parent(path));
        var existing = image.findLink(path);
        if (entries.containsKey(path)
                || existing.filter(f -> !f.stat().isDirectory()).isPresent()) {
            throw new BuildException(place, "COPY failed: \"/" + path + "\" is not a directory");
        }
        if (existing.isPresent()) {
            entries.put(path, LayerEntry.of(existing.get()));
            return;
        }
        var by = owner.orElse(Owner.ROOT);
        made.add(path);
        entries.put(
                path,
                new LayerEntry(new LayerEntry.Content.Directory(), mode.apply(0755, true), by.uid(), by.gid(), newest));
    }

    static String join(String parent, String name) {
        return parent.isEmpty() ? name : parent + "/" + name;
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
