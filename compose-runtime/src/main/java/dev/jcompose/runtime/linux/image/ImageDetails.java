package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Images.HistoryStep;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageDocument;
import dev.jcompose.runtime.oci.ImageInspection;
import dev.jcompose.runtime.oci.ImageReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is told of an image only when somebody asks, from its documents. */
final class ImageDetails {
    private final Blobs blobs;
    private final Layers layers;

    ImageDetails(Blobs blobs, Layers layers) {
        this.blobs = blobs;
        this.layers = layers;
    }

    String inspect(References.Target target, StoredImage image) {
        var digests = image.references().stream()
                .map(ImageReference::parse)
                .map(name -> new ImageReference(
                                name.registry(), name.repository(), Optional.empty(), Optional.of(target.manifest()))
                        .brief())
                .distinct()
                .toList();
        var directories = image.layers().stream().map(Object::toString).toList();
        var inspection = new ImageInspection(
                image.id(), image.references(), digests, document(image.id()), image.size(), directories);
        return new String(inspection.write(), StandardCharsets.UTF_8);
    }

    List<HistoryStep> history(Digest id) {
        var document = document(id);
        var sizes = sizes(document.diffIds());
        var steps = new ArrayList<HistoryStep>();
        int layer = 0;
        for (var step : document.history()) {
            boolean hasLayer = !step.emptyLayer() && layer < sizes.size();
            long size = hasLayer ? sizes.get(layer) : 0;
            layer += hasLayer ? 1 : 0;
            var created = step.created().or(document::created).orElse(Instant.EPOCH);
            steps.add(new HistoryStep("", created, step.createdBy(), size, step.comment()));
        }
        for (; layer < sizes.size(); layer++) { // layers that the history does not tell of
            steps.add(new HistoryStep("", document.created().orElse(Instant.EPOCH), "", sizes.get(layer), ""));
        }
        if (!steps.isEmpty()) {
            var top = steps.removeLast();
            steps.add(new HistoryStep(id.toString(), top.created(), top.createdBy(), top.size(), top.comment()));
        }
        return steps.reversed();
    }

    private List<Long> sizes(List<Digest> diffIds) {
        var sizes = new ArrayList<Long>();
        Optional<Digest> below = Optional.empty();
        for (var diffId : diffIds) {
            sizes.add(size(below, diffId));
            below = Optional.of(Layers.chainId(below, diffId));
        }
        return sizes;
    }

    private long size(Optional<Digest> below, Digest diffId) {
        try {
            return layers.find(below, diffId).map(Layers.Layer::bytes).orElse(0L);
        } catch (IOException e) {
            throw new BackendException("layer " + diffId + " cannot be read: " + e.getMessage(), e);
        }
    }

    private ImageDocument document(Digest id) {
        try {
            return ImageDocument.read(blobs.document(id));
        } catch (IOException e) {
            throw new BackendException("image " + id + " cannot be read: " + e.getMessage(), e);
        }
    }
}
