package dev.jcompose.runtime.linux.layer;

import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files one sees when layers are stacked, looked up without mounting anything. Links are resolved inside the root, as
 * a process in the container would see them; deleted files and replaced directories are honoured.
 */
public final class LayeredFiles {
    /** Lists, one path a line, the directories of a layer that hide what is below; beside the layer's files. */
    public static final String OPAQUE_LIST = "opaque";

    private static final FileTime EPOCH = FileTime.fromMillis(0);
    private static final int MAX_LINKS = 40;
    private static final long MAX_TEXT = 4L << 20;

    private final List<Layer> topDown;

    private record Layer(Path files, Set<String> opaque) {}

    /** A directory of layers, from bottom to top. */
    public LayeredFiles(List<Path> layers) {
        topDown = layers.reversed().stream()
                .map(files -> new Layer(files, opaqueDirectories(files)))
                .toList();
    }

    private LayeredFiles(Path directory) {
        topDown = List.of(new Layer(directory, Set.of()));
    }

    /** One plain directory, such as a build context, looked at as if it were a root. */
    public static LayeredFiles ofDirectory(Path directory) {
        return new LayeredFiles(directory);
    }

    private static Set<String> opaqueDirectories(Path files) {
        try {
            var list = files.resolveSibling(OPAQUE_LIST);
            return Files.exists(list) ? new HashSet<>(Files.readAllLines(list)) : Set.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file as the stack shows it. */
    public static final class Found {
        private final String path;
        private final Path file;
        private final FileStat stat;
        private final List<Layer> contributors;

        private Found(String path, Path file, FileStat stat, List<Layer> contributors) {
            this.path = path;
            this.file = file;
            this.stat = stat;
            this.contributors = contributors;
        }

        /** Where it is inside the root, without links and without a leading slash; empty for the root itself. */
        public String path() {
            return path;
        }

        /** Where its content is. */
        public Path file() {
            return file;
        }

        public FileStat stat() {
            return stat;
        }
    }

    /** The file at a path, following links. */
    public Optional<Found> find(String path) {
        return resolve(path, true);
    }

    /** The file at a path; if it is a link, the link itself. */
    public Optional<Found> findLink(String path) {
        return resolve(path, false);
    }

    /**
     * Where a path leads once all links of its existing part are followed, relative to the root; what does not exist is
     * kept as it is.
     */
    public String realPath(String path) {
        var walk = new Walk(path);
        while (walk.step(true)) {}
        return walk.remaining();
    }

    /** A regular file's text, such as {@code /etc/passwd}; empty when there is no such file. */
    public Optional<String> readText(String path) {
        return find(path).filter(found -> found.stat().isRegularFile()).map(LayeredFiles::text);
    }

    private static String text(Found found) {
        if (found.stat().size() > MAX_TEXT) {
            throw new BackendException("/" + found.path() + " of the image is too large to be read");
        }
        try {
            return new String(Files.readAllBytes(found.file()), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a path is a directory with something in it. */
    public boolean isNonEmptyDirectory(String path) {
        return find(path)
                .filter(found -> found.stat().isDirectory())
                .map(found -> !children(found).isEmpty())
                .orElse(false);
    }

    /** What a directory shows, in order of names. */
    public List<Found> children(Found directory) {
        var names = new TreeSet<String>();
        for (var layer : directory.contributors) {
            try (var entries = Files.newDirectoryStream(layer.files().resolve(directory.path()))) {
                entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return names.stream()
                .map(name -> child(directory, name))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Found> resolve(String path, boolean followLast) {
        var walk = new Walk(path);
        while (walk.step(followLast)) {}
        return walk.isComplete() ? Optional.of(walk.here()) : Optional.empty();
    }

    private Found root() {
        try {
            for (var layer : topDown) {
                var stat = FileStat.of(layer.files());
                if (stat.isPresent()) {
                    return new Found("", layer.files(), stat.get(), topDown);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Found("", Path.of("/"), new FileStat(0040755, 0, 0, 0, 0, 1, 0, EPOCH), List.of());
    }

    private Optional<Found> child(Found directory, String name) {
        var path = directory.path().isEmpty() ? name : directory.path() + "/" + name;
        var merged = new ArrayList<Layer>();
        Optional<Found> top = Optional.empty();
        for (var layer : directory.contributors) {
            var file = layer.files().resolve(path);
            var stat = stat(file);
            if (stat.isEmpty()) {
                continue;
            }
            if (top.isEmpty() && !stat.get().isWhiteout()) {
                top = Optional.of(new Found(path, file, stat.get(), merged));
            }
            if (!stat.get().isDirectory()) {
                break;
            }
            merged.add(layer);
            if (layer.opaque().contains(path)) {
                break;
            }
        }
        return top;
    }

    private static Optional<FileStat> stat(Path file) {
        try {
            return FileStat.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String linkTarget(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Follows a path name by name; links push their target in front of what is left. */
    private final class Walk {
        private final ArrayDeque<Found> trail = new ArrayDeque<>();
        private final ArrayDeque<String> rest = new ArrayDeque<>();
        private int links;

        Walk(String path) {
            trail.push(root());
            push(path);
        }

        private void push(String path) {
            var names = path.split("/", -1);
            for (int i = names.length - 1; i >= 0; i--) {
                if (!names[i].isEmpty() && !names[i].equals(".")) {
                    rest.push(names[i]);
                }
            }
        }

        Found here() {
            return trail.getFirst();
        }

        boolean isComplete() {
            return rest.isEmpty();
        }

        String remaining() {
            var names = new ArrayDeque<String>();
            for (var name : here().path().split("/", -1)) {
                names.add(name);
            }
            for (var name : rest) {
                if (name.equals("..")) {
                    names.pollLast();
                } else {
                    names.add(name);
                }
            }
            names.removeIf(String::isEmpty);
            return String.join("/", names);
        }

        /** Takes one name; false when there is none left or the next does not exist. */
        boolean step(boolean followLast) {
            if (rest.isEmpty() || !here().stat().isDirectory()) {
                return false;
            }
            var name = rest.pop();
            if (name.equals("..")) {
                if (trail.size() > 1) {
                    trail.pop();
                }
                return true;
            }
            var next = child(here(), name);
            if (next.isEmpty()) {
                rest.push(name);
                return false;
            }
            if (next.get().stat().isSymbolicLink() && (followLast || !rest.isEmpty())) {
                follow(next.get());
            } else {
                trail.push(next.get());
            }
            return true;
        }

        private void follow(Found link) {
            if (++links > MAX_LINKS) {
                throw new BackendException("/" + link.path() + " of the image: too many levels of symbolic links");
            }
            var target = linkTarget(link.file());
            if (target.startsWith("/")) {
                while (trail.size() > 1) {
                    trail.pop();
                }
            }
            push(target);
        }
    }

    /**
     * Copies what a directory shows into an existing directory, with owners, modes and times, and gives that directory
     * the owner and mode of the copied one: what a new volume gets from the image.
     */
    public void copyTree(String path, Path target) {
        var directory = find(path).filter(found -> found.stat().isDirectory());
        if (directory.isPresent()) {
            new TreeCopy(this).copy(directory.get(), target);
        }
    }
}
