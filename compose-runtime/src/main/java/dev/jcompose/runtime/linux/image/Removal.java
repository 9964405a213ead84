package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.ConflictException;
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

    void remove(String reference, Optional<References.Target> found) throws IOException {
        var target = found.orElseThrow(() -> new NotFoundException("no such image: " + reference));
        var targets = references.read();
        var names = targets.entrySet().stream()
                .filter(e -> e.getValue().id().equals(target.id()))
                .map(Map.Entry::getKey)
                .toList();
        var named = ImageReference.tryParse(reference).map(ImageReference::full).filter(names::contains);
        if (named.isEmpty() && names.size() > 1) {
            throw new ConflictException("image " + target.id().brief() + " has several names: remove "
                    + String.join(", ", References.namesOf(target.id(), targets)) + " instead");
        }
        if (names.size() <= 1) {
            refuseIfUsed(reference, target.id());
        }
        references.update(all -> all.keySet().removeAll(named.map(List::of).orElse(names)));
        if (names.size() <= 1) {
            Files.deleteIfExists(files.record(target.id()));
            sweep();
        }
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
        var records = new ArrayList<ImageRecord>();
        for (var file : StoreFiles.list(files.images())) {
            if (!StoreFiles.isUnfinished(file)) {
                ImageRecord.read(Files.readAllBytes(file)).ifPresent(records::add);
            }
        }
        return records;
    }

    private boolean isKnown(Digest id) {
        try {
            return ImageRecord.read(Files.readAllBytes(files.record(id))).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private void sweep() throws IOException {
        if (references.read().values().stream().anyMatch(target -> !isKnown(target.id()))) {
            return; // what a damaged image needs is not known; it is mended when it is used next
        }
        Set<String> blobs = new HashSet<>();
        Set<String> layers = new HashSet<>();
        for (var record : records()) {
            record.blobs().forEach(digest -> blobs.add(digest.hex()));
            record.chainIds().forEach(digest -> layers.add(digest.brief()));
        }
        for (var file : StoreFiles.list(files.blobs())) {
            if (!blobs.contains(String.valueOf(file.getFileName()))) {
                Files.delete(file);
            }
        }
        for (var layer : StoreFiles.list(files.layers())) {
            if (!layers.contains(String.valueOf(layer.getFileName())) && !inUse.test(layer.resolve("diff"))) {
                drop(layer);
            }
        }
    }

    /** A layer that is only half removed must not look complete. */
    private void drop(Path layer) throws IOException {
        var doomed = StoreFiles.unfinished(files.layers());
        Files.move(layer, doomed);
        StoreFiles.deleteTree(doomed);
    }
}
