package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.Instruction;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.image.Ingest;
import dev.jcompose.runtime.linux.image.StoredLayer;
import dev.jcompose.runtime.linux.layer.LayerEntry;
import dev.jcompose.runtime.linux.layer.LayerWriter;
import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Makes the layers of build steps, or finds those made before from the same inputs. */
final class LayerSteps {
    private final ImageStore store;
    private final Ingest ingest;
    private final boolean noCache;
    private final Instant now;

    LayerSteps(ImageStore store, Ingest ingest, boolean noCache, Instant now) {
        this.store = store;
        this.ingest = ingest;
        this.noCache = noCache;
        this.now = now;
    }

    /** A step's layer and when it was first made. */
    record Made(StoredLayer layer, Instant created) {}

    /** What makes the files of a layer; interrupted builds keep nothing of it. */
    @FunctionalInterface
    interface Files {
        SortedMap<String, LayerEntry> get() throws IOException, InterruptedException;
    }

    Ingest ingest() {
        return ingest;
    }

    StepKey key(String kind, List<StoredLayer> below) {
        return new StepKey(store.layersDirectory(), kind, below);
    }

    Made make(Instruction instruction, Digest key, List<StoredLayer> below, Steps steps, Files files)
            throws IOException, InterruptedException {
        var known = noCache ? Optional.<Made>empty() : find(key, below);
        steps.next(instruction, known.isPresent());
        if (known.isPresent()) {
            return known.get();
        }
        var entries = files.get();
        var layer = ingest.writeLayer(out -> LayerWriter.write(entries, out), below);
        store.steps()
                .put(key, List.of(layer.blob().digest().hex(), layer.diffId().hex(), now.toString()));
        return new Made(layer, now);
    }

    private Optional<Made> find(Digest key, List<StoredLayer> below) throws IOException {
        var lines = store.steps().get(key);
        if (lines.size() != 3) {
            return Optional.empty();
        }
        var layer = ingest.findLayer(new Digest(lines.get(0)), new Digest(lines.get(1)), below);
        return layer.map(found -> new Made(found, Instant.parse(lines.get(2))));
    }

    /** When something was first made, by what it is: the same content always says the same time. */
    Instant firstMade(Digest content) throws IOException {
        var known = noCache ? Optional.<String>empty() : store.steps().first(content);
        if (known.isPresent()) {
            return Instant.parse(known.get());
        }
        store.steps().put(content, List.of(now.toString()));
        return now;
    }
}
