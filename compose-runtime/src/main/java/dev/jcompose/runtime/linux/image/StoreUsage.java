package dev.jcompose.runtime.linux.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the store takes on disk.
 *
 * @param images how many there are, and how many of them containers use
 * @param imageBytes blobs and unpacked layers that images need, shared ones once
 * @param reclaimable of these, what only images need that no container uses
 * @param steps remembered results of build steps
 * @param stepBytes blobs and layers that no image needs: those of build steps, and remains
 */
public record StoreUsage(Count images, long imageBytes, long reclaimable, int steps, long stepBytes) {
    /** How many there are and how many are in use. */
    public record Count(int total, int active) {}

    static StoreUsage of(StoreFiles files, Predicate<Path> inUse) throws IOException {
        var records = records(files);
        var used = records.stream()
                .filter(record -> !record.chainIds().isEmpty()
                        && inUse.test(files.layer(record.chainIds().getLast()).resolve("diff")))
                .toList();
        var all = new Sizes(files, Removal.Needed.by(records));
        var kept = new Sizes(files, Removal.Needed.by(used));
        int steps = (int) StoreFiles.list(files.steps()).stream()
                .filter(file -> !StoreFiles.isUnfinished(file))
                .count();
        return new StoreUsage(
                new Count(records.size(), used.size()), all.needed, all.needed - kept.needed, steps, all.others);
    }

    private static final class Sizes {
        private long needed;
        private long others;

        Sizes(StoreFiles files, Removal.Needed needs) throws IOException {
            for (var blob : StoreFiles.list(files.blobs())) {
                add(needs.blobs().contains(String.valueOf(blob.getFileName())), blobSize(blob));
            }
            for (var layer : StoreFiles.list(files.layers())) {
                add(needs.layers().contains(String.valueOf(layer.getFileName())), layerSize(layer));
            }
        }

        private void add(boolean isNeeded, long size) {
            needed += isNeeded ? size : 0;
            others += isNeeded ? 0 : size;
        }
    }

    private static long blobSize(Path blob) throws IOException {
        try {
            return Files.size(blob);
        } catch (NoSuchFileException e) {
            return 0; // removed meanwhile
        }
    }

    /** What a layer's files hold; 0 for one that was cut off. */
    static long layerSize(Path layer) throws IOException {
        try {
            var meta = Files.readAllLines(layer.resolve("meta"));
            return meta.size() < 2 ? 0 : Long.parseLong(meta.get(1));
        } catch (NoSuchFileException | NumberFormatException e) {
            return 0;
        }
    }

    static List<ImageRecord> records(StoreFiles files) throws IOException {
        var records = new ArrayList<ImageRecord>();
        for (var file : StoreFiles.list(files.images())) {
            if (!StoreFiles.isUnfinished(file)) {
                ImageRecord.read(Files.readAllBytes(file)).ifPresent(records::add);
            }
        }
        return records;
    }
}
