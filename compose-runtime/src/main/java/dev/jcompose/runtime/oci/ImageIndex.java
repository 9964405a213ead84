package dev.jcompose.runtime.oci;

import java.util.List;

/** A list of manifests: the entry of an OCI layout, or an image's platforms (OCI image index). */
public record ImageIndex(List<Descriptor> manifests) {
    public ImageIndex {
        manifests = List.copyOf(manifests);
    }

    public static ImageIndex read(byte[] document) {
        return new ImageIndex(JsonReader.read(document).get("manifests").items().stream()
                .map(Descriptor::from)
                .toList());
    }

    public byte[] write() {
        return JsonWriter.object(out -> {
            out.writeNumberField("schemaVersion", 2);
            out.writeStringField("mediaType", MediaTypes.INDEX);
            out.writeArrayFieldStart("manifests");
            for (var manifest : manifests) {
                manifest.write(out);
            }
            out.writeEndArray();
        });
    }
}
