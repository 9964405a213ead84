package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.Images.Removed;
import dev.jcompose.runtime.NotFoundException;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Removes an image, and what no image and no container needs any more. Runs while nobody adds to the store. */
final class Removal {
    private final StoreFiles files;
    private final References references;
    private final Predicate<Path> inUse;

    Removal(StoreFiles files, References references, Predicate<Path> inUse) {
        this.files = files;
        this.references = references;
        this.inUse = inUse;
    }

    Removed remove(String reference, Optional<References.Target> found, boolean force) throws IOException {
        var target = found.orElseThrow(() -> new NotFoundException("no such image: " + reference));
        var names = names(target.id());
        var named = ImageReference.tryParse(reference).map(ImageReference::full).filter(names::contains);
        if (named.isEmpty() && names.size() > 1 && !force) {
            throw new ConflictException("image " + target.id().brief() + " has several names: remove "
                    + String.join(", ", References.namesOf(target.id(), references.read()))
                    + " instead, or all of them with --force");
        }
        var goes = named.isEmpty() || names.size() <= 1;
        if (goes) {
            refuseIfUsed(reference, target.id());
        }
        var untagged = named.map(List::of).orElse(names);
        forget(untagged);
        if (!goes) {
            return new Removed(brief(untagged), List.of(), 0);
        }
        Files.deleteIfExists(files.record(target.id()));
        return new Removed(brief(untagged), List.of(target.id().toString()), sweep());
    }

    private void forget(List<String> names) throws IOException {
        if (!names.isEmpty()) {
            references.update(all -> all.keySet().removeAll(names));
        }
        for (var name : names) {
            Files.deleteIfExists(files.named(name));
        }
    }

    private List<String> names(Digest id) throws IOException {
        return references.read().entrySet().stream()
                .filter(e -> e.getValue().id().equals(id))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<String> brief(List<String> names) {
        return names.stream().map(name -> ImageReference.parse(name).brief()).toList();
    }

    Removed prune(boolean all) throws IOException {
        var doomed = new ArrayList<Digest>();
        var named =
                references.read().values().stream().map(References.Target::id).toList();
        for (var record : records()) {
            if ((all || !named.contains(record.id())) && !isUsed(record)) {
                doomed.add(record.id());
            }
        }
        var untagged = new ArrayList<String>();
        for (var id : doomed) {
            untagged.addAll(names(id));
        }
        forget(untagged);
        for (var id : doomed) {
            Files.deleteIfExists(files.record(id));
        }
        return new Removed(
                brief(untagged), doomed.stream().map(Digest::toString).toList(), sweep());
    }

    int pruneSteps() throws IOException {
        int steps = 0;
        for (var step : StoreFiles.list(files.steps())) {
            Files.delete(step);
            steps++;
        }
        sweep();
        return steps;
    }

    private boolean isUsed(ImageRecord record) {
        return !record.chainIds().isEmpty()
                && inUse.test(files.layer(record.chainIds().getLast()).resolve("diff"));
    }

    private void refuseIfUsed(String reference, Digest id) throws IOException {
        var tops = new ArrayList<Digest>();
        Optional<Digest> own = Optional.empty();
        for (var record : records()) {
            if (!record.chainIds().isEmpty()) {
                tops.add(record.chainIds().getLast());
                own = record.id().equals(id) ? Optional.of(tops.getLast()) : own;
            }
        }
        var alone = own.filter(top -> tops.indexOf(top) == tops.lastIndexOf(top));
        if (alone.filter(top -> inUse.test(files.layer(top).resolve("diff"))).isPresent()) {
            throw new ConflictException(
                    "image \"" + reference + "\" is used by a container: remove the container first");
        }
    }

    private List<ImageRecord> records() throws IOException {
        return StoreUsage.records(files);
    }

    private boolean isKnown(Digest id) {
        try {
            return ImageRecord.read(Files.readAllBytes(files.record(id))).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns how many bytes are free again. */
    private long sweep() throws IOException {
        for (var directory : List.of(files.root(), files.images(), files.steps(), files.named())) {
            for (var file : StoreFiles.list(directory)) {
                if (StoreFiles.isUnfinished(file)) {
                    StoreFiles.deleteTree(file);
                }
            }
        }
        var targets = references.read();
        sweepNamed(targets.keySet());
        if (targets.values().stream().anyMatch(target -> !isKnown(target.id()))) {
            return 0; // what a damaged image needs is not known; it is mended when it is used next
        }
        var needed = Needed.by(records());
        long freed = 0;
        for (var file : StoreFiles.list(files.blobs())) {
            if (!needed.blobs().contains(String.valueOf(file.getFileName()))) {
                freed += Files.size(file);
                Files.delete(file);
            }
        }
        for (var layer : StoreFiles.list(files.layers())) {
            if (!needed.layers().contains(String.valueOf(layer.getFileName())) && !inUse.test(layer.resolve("diff"))) {
                freed += StoreUsage.layerSize(layer);
                drop(layer);
            }
        }
        return freed;
    }

    /** When a name was given is of no interest once it is gone, even if whoever removed it was killed before saying so. */
    private void sweepNamed(Set<String> names) throws IOException {
        var kept = new HashSet<Path>();
        names.forEach(name -> kept.add(files.named(name)));
        for (var file : StoreFiles.list(files.named())) {
            if (!kept.contains(file)) {
                Files.delete(file);
            }
        }
    }

    /** A layer that is only half removed must not look complete. */
    private void drop(Path layer) throws IOException {
        var doomed = StoreFiles.unfinished(files.layers());
        Files.move(layer, doomed);
        StoreFiles.deleteTree(doomed);
    }

    /** The file names of what images need. */
    record Needed(Set<String> blobs, Set<String> layers) {
        static Needed by(List<ImageRecord> records) {
            var blobs = new HashSet<String>();
            var layers = new HashSet<String>();
            for (var record : records) {
                record.blobs().forEach(digest -> blobs.add(digest.hex()));
                record.chainIds().forEach(digest -> layers.add(digest.brief()));
            }
            return new Needed(blobs, layers);
        }
    }
}
