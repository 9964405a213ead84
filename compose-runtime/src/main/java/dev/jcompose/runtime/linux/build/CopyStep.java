package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Expansion;
import dev.jcompose.runtime.build.IgnoreFile;
import dev.jcompose.runtime.build.Instruction;
import dev.jcompose.runtime.build.PathPattern;
import dev.jcompose.runtime.linux.image.Ingest;
import dev.jcompose.runtime.linux.layer.LayerEntry;
import dev.jcompose.runtime.linux.layer.LayerException;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/** One COPY or ADD: where its sources go. Unpacked archives live until it is closed. */
final class CopyStep implements AutoCloseable {
    private final Instruction.Copy copy;
    private final SourceTree tree;
    private final LayeredFiles image;
    private final Expansion expansion;
    private final IgnoreFile excludes;
    private final FileCopy result;
    private final Ingest ingest;
    private final List<Ingest.Scratch> scratches = new ArrayList<>();

    CopyStep(Instruction.Copy copy, SourceTree tree, LayeredFiles image, Expansion expansion, Ingest ingest) {
        this.copy = copy;
        this.tree = tree;
        this.image = image;
        this.expansion = expansion;
        this.ingest = ingest;
        this.excludes = IgnoreFile.of(copy.place(), copy.excludes());
        this.result = new FileCopy(copy.place(), image, owner(), mode());
    }

    private Optional<Owner> owner() {
        return copy.flag("chown").map(expansion::word).map(text -> Owner.parse(copy.place(), text, image));
    }

    private OptionalInt mode() {
        var text = copy.flag("chmod").map(expansion::word);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!text.get().matches("0?[0-7]{3,4}")) {
            throw new BuildException(copy.place(), "--chmod=" + text.get() + " is not an octal mode like 755");
        }
        return OptionalInt.of(Integer.parseInt(text.get(), 8));
    }

    /** The files for the new layer. */
    SortedMap<String, LayerEntry> entries(String workingDir) throws IOException {
        var destination = expansion.word(copy.target());
        boolean intoDirectory = destination.matches("(.*/)?\\.?") || destination.endsWith("/..");
        if (copy.sources().size() + copy.heredocs().size() > 1 && !intoDirectory) {
            throw new BuildException(
                    copy.place(),
                    copy.name() + " of several sources needs a directory that ends"
                            + " with / as its destination, not \"" + destination + "\"");
        }
        var target = image.realPath(destination.startsWith("/") ? destination : workingDir + "/" + destination);
        for (var source : copy.sources()) {
            addSource(expansion.word(source), target, intoDirectory);
        }
        for (var heredoc : copy.heredocs()) {
            var text = heredoc.expand() ? expansion.document(heredoc.text()) : heredoc.text();
            result.putText(text, fileTarget(target, heredoc.name(), intoDirectory));
        }
        return result.entries();
    }

    private void addSource(String source, String target, boolean intoDirectory) throws IOException {
        var matches = tree.match(copy.place(), source);
        if (matches.isEmpty() && !PathPattern.hasWildcards(source)) {
            throw new BuildException(
                    copy.place(),
                    copy.name() + " failed: \"" + source + "\" not found in " + tree.name() + hint(source));
        }
        for (var match : matches) {
            add(match, target, intoDirectory);
        }
    }

    private String hint(String source) {
        return tree.files().find(source).isPresent() ? " (the ignore file leaves it out)" : "";
    }

    private void add(SourceTree.Match match, String target, boolean intoDirectory) throws IOException {
        var file = match.file();
        if (file.stat().isDirectory()) {
            result.copyContent(tree, file, target, excludes);
        } else if (excludes.ignores(match.name())) {
            return;
        } else if (copy.add() && !copy.flag("unpack").equals(Optional.of("false")) && Tarball.isTar(copy, file)) {
            unpack(file, target);
        } else {
            result.copyFile(tree, file, fileTarget(target, match.name(), intoDirectory));
        }
    }

    private String fileTarget(String target, String name, boolean intoDirectory) {
        return intoDirectory || result.isDirectory(target) ? FileCopy.join(target, name) : target;
    }

    private void unpack(LayeredFiles.Found archive, String target) throws IOException {
        var scratch = ingest.scratch();
        scratches.add(scratch);
        try {
            Tarball.unpack(archive, scratch.directory());
        } catch (LayerException e) {
            throw new BuildException(
                    copy.place(), "ADD cannot unpack \"" + archive.path() + "\": " + e.getMessage(), e);
        }
        var files = LayeredFiles.ofDirectory(scratch.directory());
        var content = new SourceTree(files, IgnoreFile.NOTHING, tree.name(), true);
        result.copyContent(content, files.find("").orElseThrow(), target, IgnoreFile.NOTHING);
    }

    @Override
    public void close() throws IOException {
        for (var scratch : scratches) {
            scratch.close();
        }
    }
}
