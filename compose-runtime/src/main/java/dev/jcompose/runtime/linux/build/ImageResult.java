package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.Images.BuildRequest;
import dev.jcompose.runtime.linux.image.ArchiveLoader;
import dev.jcompose.runtime.linux.image.StoredLayer;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageConfig;
import dev.jcompose.runtime.oci.ImageDocument;
import dev.jcompose.runtime.oci.ImageDocument.History;
import dev.jcompose.runtime.oci.ImageReference;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/** Makes an image of what the last stage has become, and names it. */
final class ImageResult {
    private final BuildRequest request;
    private final LayerSteps layerSteps;

    ImageResult(BuildRequest request, LayerSteps layerSteps) {
        this.request = request;
        this.layerSteps = layerSteps;
    }

    void finish(StageResult result, Consumer<String> progress) throws IOException {
        var labels = new LinkedHashMap<>(result.config().labels());
        labels.putAll(request.build().labels());
        labels.putAll(request.labels());
        var undated = document(result, withLabels(result.config(), labels), Optional.empty());
        var created = layerSteps.firstMade(Digest.of(undated.write()));
        var document = document(result, undated.config(), Optional.of(created));
        var names = new ArrayList<>(List.of(ImageReference.parse(request.reference())));
        request.build().tags().forEach(tag -> names.add(ImageReference.parse(tag)));
        var id = layerSteps.ingest().finish(document, result.layers(), names);
        progress.accept("built " + id.brief() + " " + request.reference());
    }

    private static ImageDocument document(StageResult result, ImageConfig config, Optional<Instant> created) {
        return new ImageDocument(
                created,
                ArchiveLoader.architecture(),
                "linux",
                config,
                result.layers().stream().map(StoredLayer::diffId).toList(),
                result.history().stream()
                        .map(h -> new History(
                                h.created().or(() -> created), h.createdBy(), h.emptyLayer(), h.author(), h.comment()))
                        .toList());
    }

    private static ImageConfig withLabels(ImageConfig config, SequencedMap<String, String> labels) {
        return new ImageConfig(
                config.env(),
                config.entrypoint(),
                config.cmd(),
                config.user(),
                config.workingDir(),
                config.exposedPorts(),
                config.volumes(),
                labels,
                config.stopSignal(),
                config.healthcheck(),
                config.shell(),
                config.onBuild());
    }
}
