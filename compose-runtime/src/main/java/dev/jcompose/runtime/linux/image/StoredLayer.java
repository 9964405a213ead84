package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.oci.Digest;
import java.nio.file.Path;

/** A layer of an image being made: its blob and its unpacked files. */
public record StoredLayer(Descriptor blob, Digest chainId, Digest diffId, Path diff, long bytes) {
    static StoredLayer of(Descriptor blob, Layers.Layer layer) {
        return new StoredLayer(blob, layer.chainId(), layer.diffId(), layer.diff(), layer.bytes());
    }
}
