package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Copies;
import dev.jcompose.runtime.NotFoundException;
import dev.jcompose.runtime.execute.TaskGroup;
import dev.jcompose.runtime.linux.layer.FileTree;
import dev.jcompose.runtime.linux.layer.LayerException;
import dev.jcompose.runtime.linux.layer.TreeUnpacker;
import dev.jcompose.runtime.linux.layer.TreeUnpacker.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.util.Optional;

/** Copies by packing on one side and unpacking on the other, each below a root that is never left. */
final class NativeCopies implements Copies {
    private static final int PIPE = 1 << 17;
    private static final Path HOST = Path.of("/");

    private final ContainerRoots roots;

    NativeCopies(ContainerRoots roots) {
        this.roots = roots;
    }

    /** One end of a copy: whose files, where, and how it is called in messages. */
    private record End(Opener files, String path, String where) {}

    /** Opens the files of one side. */
    @FunctionalInterface
    private interface Opener {
        FileTree open() throws IOException;
    }

    @Override
    public void into(String id, String source, String target, Options options) throws InterruptedException {
        try (var root = roots.open(id)) {
            var owner = options.archive() ? Optional.of(owner(root)) : Optional.<Owner>empty();
            copy(
                    new End(NativeCopies::host, source, "on this machine"),
                    new End(root::tree, target, "in container " + root.plan().name()),
                    options.follow(),
                    owner);
        }
    }

    @Override
    public void outOf(String id, String source, String target, Options options) throws InterruptedException {
        try (var root = roots.open(id)) {
            var owner = options.archive() ? Optional.<Owner>empty() : Optional.of(new Owner(0, 0));
            copy(
                    new End(root::tree, source, "in container " + root.plan().name()),
                    new End(NativeCopies::host, target, "on this machine"),
                    options.follow(),
                    owner);
        }
    }

    private static FileTree host() throws IOException {
        return new FileTree(HOST);
    }

    /** Whom the container's process runs as. */
    private static Owner owner(ContainerRoots.Root root) {
        return root.plan()
                .first("user")
                .map(user -> new Owner((int) user.number(1), (int) user.number(2)))
                .orElse(new Owner(0, 0));
    }

    private static void copy(End from, End to, boolean follow, Optional<Owner> owner) throws InterruptedException {
        try (var source = from.files().open();
                var target = to.files().open()) {
            var way = way(source, from, target, to);
            try (var in = new PipedInputStream(PIPE);
                    var group = new TaskGroup()) {
                var out = new PipedOutputStream(in);
                group.fork("packing", () -> {
                    try (var tree = from.files().open();
                            out) {
                        tree.pack(from.path(), follow, way.name(), out);
                    } catch (IOException e) {
                        throw failure(from, e);
                    }
                });
                TreeUnpacker.unpack(in, target, way.directory(), owner);
                in.readAllBytes();
                group.join();
            }
        } catch (IOException | LayerException e) {
            throw failure(to, e);
        }
    }

    /** Into which directory of the target it goes, and by which name; empty for the content of a directory. */
    private record Way(String directory, String name) {}

    /** The rules of {@code docker cp}. */
    private static Way way(FileTree source, End from, FileTree target, End to) throws IOException {
        if (!source.exists(from.path())) {
            throw new NotFoundException("could not find the file " + from.path() + " " + from.where());
        }
        boolean tree = source.isDirectory(from.path());
        boolean content = tree && from.path().endsWith("/.");
        if (target.isDirectory(to.path())) {
            return new Way(to.path(), content ? "" : last(from.path()));
        }
        var parent = parent(to.path());
        if (!target.isDirectory(parent)) {
            throw new NotFoundException("could not find the file " + parent + " " + to.where());
        }
        if (target.exists(to.path()) && tree) {
            throw new BackendException("cannot copy a directory over the file " + to.path() + " " + to.where());
        }
        if (!tree && to.path().endsWith("/")) {
            throw new NotFoundException("could not find the directory " + to.path() + " " + to.where());
        }
        return new Way(parent, last(to.path()));
    }

    private static String last(String path) {
        return String.valueOf(Path.of(path).normalize().getFileName());
    }

    private static String parent(String path) {
        return String.valueOf(
                Optional.ofNullable(Path.of(path).normalize().getParent()).orElse(HOST));
    }

    @Override
    public void unpack(String id, String directory, InputStream tar, Options options) {
        try (var root = roots.open(id);
                var tree = root.tree()) {
            if (!tree.isDirectory(directory)) {
                throw new NotFoundException("could not find the directory " + directory + " in container "
                        + root.plan().name());
            }
            var owner = options.archive() ? Optional.of(owner(root)) : Optional.<Owner>empty();
            TreeUnpacker.unpack(tar, tree, directory, owner);
        } catch (IOException | LayerException e) {
            throw new BackendException("cannot unpack into " + directory + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void pack(String id, String path, OutputStream tar, Options options) {
        try (var root = roots.open(id);
                var tree = root.tree()) {
            if (!tree.exists(path)) {
                throw new NotFoundException("could not find the file " + path + " in container "
                        + root.plan().name());
            }
            boolean content = path.endsWith("/.") || path.equals("/");
            tree.pack(path, options.follow(), content ? "" : last(path), tar);
        } catch (IOException e) {
            throw new BackendException("cannot pack " + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void export(String id, OutputStream tar) {
        try (var root = roots.open(id);
                var tree = root.tree()) {
            tree.packAll(tar);
        } catch (IOException e) {
            throw new BackendException("cannot export container: " + e.getMessage(), e);
        }
    }

    private static BackendException failure(End end, Exception e) {
        return new BackendException("cannot copy " + end.path() + " " + end.where() + ": " + e.getMessage(), e);
    }
}
