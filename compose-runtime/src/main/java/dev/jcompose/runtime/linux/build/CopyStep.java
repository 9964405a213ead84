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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private ModeChange mode() {
        var text = copy.flag("chmod").map(expansion::word);
        return text.isEmpty() ? ModeChange.NONE : ModeChange.parse(copy.place(), text.get());
    }

    /** The files for the new layer. */
    SortedMap<String, LayerEntry> entries(String workingDir) throws IOException, InterruptedException {
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

    private void addSource(String source, String target, boolean intoDirectory)
            throws IOException, InterruptedException {
        if (copy.add() && Remote.isRemote(source)) {
            addRemote(source, target, intoDirectory);
            return;
        }
        var matches = tree.match(copy.place(), source);
        if (matches.isEmpty() && !PathPattern.hasWildcards(source)) {
            throw new BuildException(
                    copy.place(),
                    copy.name() + " failed: \"" + source + "\" not found in " + tree.name() + hint(source));
        }
        for (var match : matches) {
            add(match, isFlag("parents") ? parents(source, match, target) : target, intoDirectory);
        }
    }

    private boolean isFlag(String name) {
        return copy.flag(name).filter("true"::equals).isPresent();
    }

    /** {@code --parents} keeps the directories of a source, or those after a {@code /./} in it. */
    private String parents(String source, SourceTree.Match match, String target) {
        var pivot = source.indexOf("/./");
        var path = match.file().path();
        if (pivot >= 0) {
            long depth = Path.of("/" + source.substring(0, pivot)).normalize().getNameCount();
            for (long i = 0; i < depth; i++) {
                path = path.substring(path.indexOf('/') + 1);
            }
        }
        var kept = match.file().stat().isDirectory() ? path : path.substring(0, Math.max(0, path.lastIndexOf('/')));
        result.keepParents(tree, match.file(), target, kept);
        return kept.isEmpty() ? target : FileCopy.join(target, kept);
    }

    private void addRemote(String source, String target, boolean intoDirectory)
            throws IOException, InterruptedException {
        var scratch = ingest.scratch();
        scratches.add(scratch);
        var remote = new Remote(copy, scratch.directory());
        if (Remote.isGit(source)) {
            var files = LayeredFiles.ofDirectory(remote.checkout(source));
            var content = new SourceTree(files, IgnoreFile.NOTHING, source, List.of(), false);
            result.copyContent(content, files.find("").orElseThrow(), target, excludes);
            return;
        }
        var file = LayeredFiles.ofDirectory(scratch.directory())
                .find(remote.download(source))
                .orElseThrow();
        if (isFlag("unpack") && Tarball.isTar(copy, file)) {
            unpack(file, target);
            return;
        }
        var content = new SourceTree(
                LayeredFiles.ofDirectory(scratch.directory()), IgnoreFile.NOTHING, source, List.of(), false);
        result.copyFile(content, file, fileTarget(target, file.path(), intoDirectory));
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
        return intoDirectory || isFlag("parents") || result.isDirectory(target) ? FileCopy.join(target, name) : target;
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
        var content = new SourceTree(files, IgnoreFile.NOTHING, tree.name(), List.of(), true);
        result.copyContent(content, files.find("").orElseThrow(), target, IgnoreFile.NOTHING);
    }

    @Override
    public void close() throws IOException {
        for (var scratch : scratches) {
            scratch.close();
        }
    }
}
