package dev.jcompose.runtime.oci;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * An image as {@code docker image inspect} describes it.
 *
 * @param size bytes its unpacked layers hold
 * @param store where its unpacked layers are
 */
public record ImageInspection(
        Digest id, List<String> tags, List<String> digests, ImageDocument document, long size, List<String> store) {
    public ImageInspection {
        tags = List.copyOf(tags);
        digests = List.copyOf(digests);
        store = List.copyOf(store);
    }

    /** One JSON object. */
    public byte[] write() {
        return JsonWriter.object(out -> {
            out.writeStringField("Id", id.toString());
            list(out, "RepoTags", tags);
            list(out, "RepoDigests", digests);
            out.writeStringField("Parent", "");
            out.writeStringField(
                    "Comment",
                    document.history().isEmpty()
                            ? ""
                            : document.history().getLast().comment());
            out.writeStringField(
                    "Created", document.created().orElse(Instant.EPOCH).toString());
            out.writeObjectFieldStart("Config");
            ImageDocuments.write(out, document.config());
            out.writeEndObject();
            out.writeStringField("Architecture", document.architecture());
            out.writeStringField("Os", document.os());
            out.writeNumberField("Size", size);
            out.writeObjectFieldStart("GraphDriver");
            out.writeStringField("Name", "overlay");
            out.writeObjectFieldStart("Data");
            out.writeStringField("LowerDir", String.join(":", store.reversed()));
            out.writeEndObject();
            out.writeEndObject();
            out.writeObjectFieldStart("RootFS");
            out.writeStringField("Type", "layers");
            list(
                    out,
                    "Layers",
                    document.diffIds().stream().map(Digest::toString).toList());
            out.writeEndObject();
        });
    }

    private static void list(JsonGenerator out, String key, List<String> values) throws IOException {
        out.writeArrayFieldStart(key);
        for (var value : values) {
            out.writeString(value);
        }
        out.writeEndArray();
    }
}
