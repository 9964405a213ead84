package dev.jcompose.runtime.linux.layer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files below a root that somebody else may be changing: every path is resolved by the kernel as if that were the root of all,
 * directories are walked by descriptors, and links are only followed where asked for. One instance belongs to one thread.
 */
public final class FileTree implements AutoCloseable {
    private final Syscalls sys = new Syscalls();
    private final int root;

    /** {@code root} is opened once. */
    public FileTree(Path root) throws IOException {
        this.root = sys.openDirectory(root.toString());
    }

    /** A directory and a name in it, which may not exist. */
    public record Place(int directory, String name) {
        Path path() {
            return Path.of("/proc/self/fd/" + directory, name);
        }
    }

    /** Where a path leads; its parent must exist. To be given back by {@link #close(Place)}. */
    public Place place(String path, boolean follow) throws IOException {
        var stripped = strip(path);
        if (stripped.isEmpty()) {
            return new Place(sys.openInRoot(root, "/", directoryFlags(), false), ".");
        }
        if (follow || path.endsWith("/") || path.endsWith("/.")) {
            var target = directory(path);
            if (target.isPresent()) {
                return new Place(target.get(), ".");
            }
        }
        int slash = stripped.lastIndexOf('/');
        int parent = sys.openInRoot(root, slash < 0 ? "/" : stripped.substring(0, slash + 1), directoryFlags(), false);
        return new Place(parent, stripped.substring(slash + 1));
    }

    /** The directory a path leads to, through links too. */
    Optional<Integer> directory(String path) throws IOException {
        try {
            return Optional.of(sys.openInRoot(root, path.isEmpty() ? "/" : path, directoryFlags(), false));
        } catch (SyscallException e) {
            if (e.errno() == SyscallException.ENOENT || e.errno() == SyscallException.ENOTDIR) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether a path leads to a directory. */
    public boolean isDirectory(String path) throws IOException {
        var found = directory(path);
        if (found.isPresent()) {
            sys.closeFile(found.get());
        }
        return found.isPresent();
    }

    /** Whether there is something at a path, be it a link that leads nowhere. */
    public boolean exists(String path) throws IOException {
        try {
            var place = place(path, false);
            try {
                return FileStat.of(place.path()).isPresent();
            } finally {
                close(place);
            }
        } catch (SyscallException e) {
            if (e.errno() == SyscallException.ENOENT || e.errno() == SyscallException.ENOTDIR) {
                return false;
            }
            throw e;
        }
    }

    /** Packs what is at a path; its entries begin with {@code name}, empty for those of a directory's content. */
    public void pack(String path, boolean follow, String name, OutputStream out) throws IOException {
        pack(path, follow, name, out, false);
    }

    /** Packs everything that is not on another mount. */
    public void packAll(OutputStream out) throws IOException {
        pack("/", false, "", out, true);
    }

    private void pack(String path, boolean follow, String name, OutputStream out, boolean sameMount)
            throws IOException {
        var resolved = follow ? resolved(path) : path;
        var place = place(resolved, false);
        try {
            new TreePacker(sys, out, sameMount).pack(place, name);
        } finally {
            close(place);
        }
    }

    /** The path of what a link leads to, inside the root. */
    private String resolved(String path) throws IOException {
        int fd = sys.openInRoot(root, path, Syscalls.O_PATH, false);
        int top = sys.openInRoot(root, "/", Syscalls.O_PATH, false);
        try {
            var whole = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
            var above = Files.readSymbolicLink(Path.of("/proc/self/fd/" + top)).toString();
            boolean below = above.length() > 1 && whole.startsWith(above + "/");
            return below ? whole.substring(above.length()) : whole;
        } finally {
            sys.closeFile(top);
            sys.closeFile(fd);
        }
    }

    /** For a {@link TreeUnpacker}: the directory as a path that nothing can redirect; closed with this. */
    Path anchor(String path) throws IOException {
        int fd = directory(path).orElseThrow(() -> new SyscallException("open " + path, SyscallException.ENOTDIR));
        return Path.of("/proc/self/fd/" + fd);
    }

    private static int directoryFlags() {
        return Syscalls.O_RDONLY | Syscalls.O_DIRECTORY;
    }

    private static String strip(String path) {
        var text = path;
        while (text.endsWith("/") || text.endsWith("/.")) {
            text = text.substring(0, text.length() - 1);
        }
        return text.equals(".") ? "" : text;
    }

    public void close(Place place) throws IOException {
        sys.closeFile(place.directory());
    }

    @Override
    public void close() throws IOException {
        try (sys) {
            sys.closeFile(root);
        }
    }
}
