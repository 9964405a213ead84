package dev.jcompose.runtime.oci;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An image's configuration document (OCI image configuration); its digest is the image's identifier.
 *
 * @param diffIds digests of the unpacked layers' tars, from bottom to top
 */
public record ImageDocument(
        Optional<Instant> created,
        String architecture,
        String os,
        ImageConfig config,
        List<Digest> diffIds,
        List<History> history) {
    public ImageDocument {
        diffIds = List.copyOf(diffIds);
        history = List.copyOf(history);
    }

    /** How one layer, or one setting without a layer, came to be. */
    public record History(
            Optional<Instant> created, String createdBy, boolean emptyLayer, String author, String comment) {
        public History(Optional<Instant> created, String createdBy, boolean emptyLayer) {
            this(created, createdBy, emptyLayer, "", "");
        }
    }

    public static ImageDocument read(byte[] document) {
        return ImageDocuments.read(JsonReader.read(document));
    }

    public byte[] write() {
        return ImageDocuments.write(this);
    }
}
