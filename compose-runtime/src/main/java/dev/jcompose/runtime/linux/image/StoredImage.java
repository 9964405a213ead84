package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * An image that is ready to be run.
 *
 * @param id digest of its configuration
 * @param manifest digest of the document that names all its parts
 * @param references its names in short form; empty when its last name went to another image
 * @param size bytes its unpacked layers hold
 * @param layers directories of its unpacked layers, from bottom to top
 */
public record StoredImage(
        Digest id,
        Digest manifest,
        List<String> references,
        Instant created,
        long size,
        ImageConfig config,
        List<Path> layers) {
    public StoredImage {
        references = List.copyOf(references);
        layers = List.copyOf(layers);
    }
}
