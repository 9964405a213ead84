package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.linux.image.StoredLayer;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.oci.ImageConfig;
import dev.jcompose.runtime.oci.ImageDocument.History;
import java.util.List;

/** What a stage, or an image it starts from, consists of. */
record StageResult(ImageConfig config, List<StoredLayer> layers, List<History> history) {
    StageResult {
        layers = List.copyOf(layers);
        history = List.copyOf(history);
    }

    LayeredFiles files() {
        return new LayeredFiles(layers.stream().map(StoredLayer::diff).toList());
    }
}
