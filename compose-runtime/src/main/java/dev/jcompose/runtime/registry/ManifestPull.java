package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.Json;
import dev.jcompose.runtime.oci.MediaTypes;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fetches a manifest or index by tag or digest; refuses one that is not what was asked for. */
record ManifestPull(String tagOrDigest, Optional<Digest> expected) implements Endpoint<PulledManifest> {
    private static final int MAX_MANIFEST = 4 << 20;
    private static final List<String> TYPES =
            List.of(MediaTypes.MANIFEST, MediaTypes.INDEX, MediaTypes.DOCKER_MANIFEST, MediaTypes.DOCKER_LIST);

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public URI uri(URI repository) {
        return repository.resolve("manifests/" + tagOrDigest);
    }

    @Override
    public Map<String, String> headers() {
        return Map.of("Accept", String.join(", ", TYPES));
    }

    @Override
    public PulledManifest read(Answer answer) throws IOException {
        byte[] content;
        try (answer) {
            content = answer.document(what(), MAX_MANIFEST);
        }
        var digest = Digest.of(content);
        var promised = expected.map(Digest::toString).or(() -> answer.header("docker-content-digest"));
        if (promised.isPresent()
                && promised.get().startsWith("sha256:")
                && !promised.get().equals(digest.toString())) {
            throw new RegistryException(
                    0,
                    what() + " has digest " + digest + " and not " + promised.get()
                            + ": it was changed on its way, or the registry lies; refused");
        }
        return new PulledManifest(type(answer, content), digest, content);
    }

    private String type(Answer answer, byte[] content) {
        var json = Json.read(content);
        var header = answer.header("content-type")
                .map(value -> value.split(";", -1)[0].strip())
                .orElse("");
        var type = json.get("mediaType").text().orElse(header);
        if (json.get("schemaVersion").number(2) != 2) {
            throw new RegistryException(
                    0, what() + " is in a format of before 2016 (schema 1): push it again with a current tool");
        }
        boolean index = json.members().containsKey("manifests");
        boolean image = json.members().containsKey("layers") && json.members().containsKey("config");
        if (index && image) {
            throw new RegistryException(0, what() + " can be read as an image and as an index: refused");
        }
        if (index) {
            return MediaTypes.isIndex(type) ? type : MediaTypes.INDEX;
        }
        if (image && !MediaTypes.isIndex(type)) {
            return TYPES.contains(type) ? type : MediaTypes.MANIFEST;
        }
        throw new RegistryException(
                0, what() + " is not a container image, but \"" + type.replaceAll("\\p{Cntrl}", "") + "\"");
    }

    @Override
    public String what() {
        return "manifest \"" + tagOrDigest + "\"";
    }
}
