package dev.jcompose.runtime.oci;

import java.util.List;

/** {@code manifest.json} of a {@code docker save} archive: one entry per image. */
public record DockerArchive(List<Entry> images) {
    public DockerArchive {
        images = List.copyOf(images);
    }

    /** One image: file names inside the archive, layers from bottom to top. */
    public record Entry(String config, List<String> tags, List<String> layers) {
        public Entry {
            tags = List.copyOf(tags);
            layers = List.copyOf(layers);
        }
    }

    public static DockerArchive read(byte[] document) {
        return new DockerArchive(JsonReader.read(document).items().stream()
                .map(json -> new Entry(
                        json.get("Config").text().orElse(""),
                        json.get("RepoTags").texts(),
                        json.get("Layers").texts()))
                .toList());
    }

    public byte[] write() {
        return JsonWriter.list(out -> {
            for (var image : images) {
                out.writeStartObject();
                out.writeStringField("Config", image.config());
                JsonWriter.texts(out, "RepoTags", image.tags());
                JsonWriter.texts(out, "Layers", image.layers());
                out.writeEndObject();
            }
        });
    }
}
