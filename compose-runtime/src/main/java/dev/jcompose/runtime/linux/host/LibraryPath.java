package dev.jcompose.runtime.linux.host;

import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where this machine's loader looks for shared libraries: the directories of {@code ld.so.conf}, then its own. */
final class LibraryPath {
    private static final int MAX_DEPTH = 8;

    private final Path root;
    private final String triplet;
    private final Set<Path> directories = new LinkedHashSet<>();

    /** {@code root} is the machine's root directory. */
    LibraryPath(Path root, Machine machine) {
        this.root = root;
        this.triplet = machine.triplet();
        read(root.resolve("etc/ld.so.conf"), 0);
        directories.addAll(standard());
    }

    /** What the loader knows without being told; what lies elsewhere needs {@code LD_LIBRARY_PATH} in the image. */
    List<Path> standard() {
        var names = List.of("lib/" + triplet, "usr/lib/" + triplet, "lib64", "usr/lib64", "lib", "usr/lib");
        return names.stream().map(root::resolve).toList();
    }

    private void read(Path file, int depth) {
        if (!Files.isReadable(file) || depth > MAX_DEPTH) {
            return;
        }
        try {
            for (var line : Files.readAllLines(file)) {
                var text = line.replaceFirst("#.*", "").strip();
                if (text.startsWith("include ")) {
                    include(text.substring("include ".length()).strip(), file, depth);
                } else if (text.startsWith("/")) {
                    directories.add(root.resolve(text.substring(1)));
                }
            }
        } catch (IOException e) {
            throw new BackendException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private void include(String pattern, Path from, int depth) throws IOException {
        var full = pattern.startsWith("/") ? root.resolve(pattern.substring(1)) : from.resolveSibling(pattern);
        var directory = full.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            return;
        }
        var found = new ArrayList<Path>();
        try (var files = Files.newDirectoryStream(directory, String.valueOf(full.getFileName()))) {
            files.forEach(found::add);
        }
        found.stream().sorted().forEach(file -> read(file, depth + 1));
    }

    /** A library that a file needs; {@code inherited} are the {@code rpath}s of those that need the file. */
    Optional<Path> find(String name, Path neededBy, ElfFile elf, List<Path> inherited) {
        if (name.contains("/")) {
            return Optional.of(Path.of(name)).filter(Files::isRegularFile);
        }
        var places = new ArrayList<Path>();
        if (elf.runpath().isEmpty()) {
            places.addAll(expand(elf.rpath(), neededBy));
            places.addAll(inherited);
        }
        places.addAll(expand(elf.runpath(), neededBy));
        places.addAll(directories);
        return places.stream()
                .map(directory -> directory.resolve(name))
                .filter(file -> fits(file, elf.machine()))
                .findFirst();
    }

    /** The loader passes over libraries for other machines. */
    private static boolean fits(Path file, int machine) {
        try {
            return Files.isRegularFile(file) && ElfFile.read(file).machine() == machine;
        } catch (IOException | BackendException e) {
            return false;
        }
    }

    /** Directories with {@code $ORIGIN}, which is where the file itself lies, and {@code $LIB} replaced. */
    List<Path> expand(List<String> texts, Path file) {
        var expanded = new ArrayList<Path>();
        for (var text : texts) {
            var path = text.replace("${ORIGIN}", "$ORIGIN")
                    .replace("$ORIGIN", String.valueOf(file.getParent()))
                    .replace("${LIB}", "$LIB")
                    .replace("$LIB", "lib/" + triplet);
            if (path.indexOf('\0') < 0) {
                expanded.add(Path.of(path).normalize());
            }
        }
        return expanded;
    }
}
