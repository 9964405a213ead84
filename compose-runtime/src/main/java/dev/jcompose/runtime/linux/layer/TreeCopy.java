package dev.jcompose.runtime.linux.layer;

import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;

/** Copies a directory of stacked layers to a plain directory, with owners, modes, times and hard links. */
final class TreeCopy {
    private final LayeredFiles files;
    private final Map<String, Path> linked = new HashMap<>();

    TreeCopy(LayeredFiles files) {
        this.files = files;
    }

    /** The target exists and nobody else writes to it. */
    void copy(LayeredFiles.Found directory, Path target) {
        try {
            copyContent(directory, target);
        } catch (IOException e) {
            throw new BackendException("cannot copy /" + directory.path() + " of the image to " + target + ": " + e, e);
        }
    }

    private void copyContent(LayeredFiles.Found directory, Path target) throws IOException {
        for (var child : files.children(directory)) {
            var name = child.file().getFileName();
            var to = target.resolve(String.valueOf(name));
            if (child.stat().isDirectory()) {
                Files.createDirectory(to);
                copyContent(child, to);
            } else {
                copyFile(child, to);
            }
        }
        var stat = directory.stat();
        Files.setAttribute(target, "unix:uid", stat.uid());
        Files.setAttribute(target, "unix:gid", stat.gid());
        Files.setAttribute(target, "unix:mode", stat.permissions());
        Files.setLastModifiedTime(target, stat.modified());
    }

    private void copyFile(LayeredFiles.Found file, Path to) throws IOException {
        // Hard links never span layers, so the layer's file and its inode name the group.
        var key = file.stat().inode() + " " + file.stat().device();
        var earlier = file.stat().links() > 1 ? linked.putIfAbsent(key, to) : null;
        if (earlier != null) {
            Files.createLink(to, earlier);
            return;
        }
        Files.copy(file.file(), to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    }
}
