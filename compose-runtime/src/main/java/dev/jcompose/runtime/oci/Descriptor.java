package dev.jcompose.runtime.oci;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * A reference to a blob (OCI content descriptor).
 *
 * @param platform {@code os/architecture}, empty when it does not say
 * @param variant of the architecture, such as {@code v7}; mostly empty
 * @param urls where else the blob may be had (foreign layers)
 */
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        String platform,
        String variant,
        List<String> urls,
        SequencedMap<String, String> annotations) {
    public Descriptor {
        urls = List.copyOf(urls);
        annotations = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(annotations));
    }

    public Descriptor(
            String mediaType, Digest digest, long size, String platform, SequencedMap<String, String> annotations) {
        this(mediaType, digest, size, platform, "", List.of(), annotations);
    }

    public static Descriptor of(String mediaType, Digest digest, long size) {
        return new Descriptor(mediaType, digest, size, "", new LinkedHashMap<>());
    }

    static Descriptor from(Json json) {
        var annotations = new LinkedHashMap<String, String>();
        json.get("annotations")
                .members()
                .forEach((key, value) -> annotations.put(key, value.text().orElse("")));
        return new Descriptor(
                json.get("mediaType").text().orElse(""),
                Digest.parse(json.get("digest").text().orElse("")),
                json.get("size").number(-1),
                platform(json.get("platform")),
                json.get("platform").get("variant").text().orElse(""),
                json.get("urls").texts(),
                annotations);
    }

    private static String platform(Json json) {
        return json.get("os")
                .text()
                .map(os -> os + "/" + json.get("architecture").text().orElse(""))
                .orElse("");
    }

    void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("mediaType", mediaType);
        out.writeStringField("digest", digest.toString());
        out.writeNumberField("size", size);
        JsonWriter.map(out, "annotations", annotations);
        out.writeEndObject();
    }
}
