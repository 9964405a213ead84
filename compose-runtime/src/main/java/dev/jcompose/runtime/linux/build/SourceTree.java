package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.IgnoreFile;
import dev.jcompose.runtime.build.PathPattern;
import dev.jcompose.runtime.build.Place;
import dev.jcompose.runtime.linux.image.StoredLayer;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.linux.layer.LayeredFiles.Found;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What COPY copies from: the build context, a stage or an image.
 *
 * @param name how messages call it
 * @param layers the layers in the image store it consists of; none for a directory
 * @param owned whether its files keep their owners
 */
record SourceTree(LayeredFiles files, IgnoreFile ignore, String name, List<StoredLayer> layers, boolean owned) {
    SourceTree {
        layers = List.copyOf(layers);
    }

    /** What a stage or an image shows. */
    static SourceTree of(StageResult result, String name) {
        return new SourceTree(result.files(), IgnoreFile.NOTHING, name, result.layers(), true);
    }

    /**
     * A file a source stands for.
     *
     * @param name the last part of the path as the user meant it, before links were followed
     */
    record Match(String name, Found file) {}

    /** The files a source names, with its wildcards resolved; empty when there is none. */
    List<Match> match(Place place, String source) {
        var path = clean(source);
        if (path.isEmpty()) {
            return visible("").map(root -> List.of(new Match("", root))).orElse(List.of());
        }
        if (!PathPattern.hasWildcards(path)) {
            var name = path.substring(path.lastIndexOf('/') + 1);
            return visible(path).map(file -> List.of(new Match(name, file))).orElse(List.of());
        }
        var matches = List.of("");
        for (var part : path.split("/", -1)) {
            matches = expand(place, matches, part);
        }
        return matches.stream()
                .flatMap(m -> visible(m).map(f -> new Match(m.substring(m.lastIndexOf('/') + 1), f)).stream())
                .toList();
    }

    /** What lies at a path that is no pattern. */
    Optional<Found> find(String path) {
        return visible(clean(path));
    }

    private List<String> expand(Place place, List<String> parents, String part) {
        var pattern = PathPattern.compile(place, part, false);
        var result = new ArrayList<String>();
        for (var parent : parents) {
            var directory = files.find(parent).filter(found -> found.stat().isDirectory());
            for (var child : directory.map(files::children).orElse(List.of())) {
                var name = String.valueOf(child.file().getFileName());
                if (pattern.matcher(name).matches()) {
                    result.add(parent.isEmpty() ? name : parent + "/" + name);
                }
            }
        }
        return result;
    }

    private static String clean(String source) {
        return Path.of("/").resolve(source).normalize().toString().substring(1);
    }

    private Optional<Found> visible(String path) {
        return files.find(path).filter(file -> !hides(file));
    }

    private boolean hides(Found file) {
        if (file.path().isEmpty()) {
            return false;
        }
        boolean looksInto = file.stat().isDirectory() && ignore.keepsSome();
        return file.stat().isSocket() || (!looksInto && ignore.ignores(file.path()));
    }

    /** A directory's files that are not left out; with exceptions, a left-out directory is still looked into. */
    List<Found> children(Found directory) {
        return files.children(directory).stream().filter(file -> !hides(file)).toList();
    }

    /** Whether a directory itself, and not only something in it, is to be copied. */
    boolean includes(Found file) {
        return !ignore.ignores(file.path());
    }
}
