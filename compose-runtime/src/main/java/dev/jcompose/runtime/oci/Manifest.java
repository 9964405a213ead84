package dev.jcompose.runtime.oci;

import java.util.List;

/** What an image consists of: its configuration and its layers from bottom to top (OCI image manifest). */
public record Manifest(Descriptor config, List<Descriptor> layers) {
    public Manifest {
        layers = List.copyOf(layers);
    }

    public static Manifest read(byte[] document) {
        var json = JsonReader.read(document);
        return new Manifest(
                Descriptor.from(json.get("config")),
                json.get("layers").items().stream().map(Descriptor::from).toList());
    }

    public byte[] write() {
        return JsonWriter.object(out -> {
            out.writeNumberField("schemaVersion", 2);
            out.writeStringField("mediaType", MediaTypes.MANIFEST);
            out.writeFieldName("config");
            config.write(out);
            out.writeArrayFieldStart("layers");
            for (var layer : layers) {
                layer.write(out);
            }
            out.writeEndArray();
        });
    }
}
