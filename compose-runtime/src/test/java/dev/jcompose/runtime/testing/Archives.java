package dev.jcompose.runtime.testing;

import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes image archives as {@code docker save} and OCI tools do. */
public final class Archives {
    private Archives() {}

    private static String quoted(String... texts) {
        return Arrays.stream(texts).map(t -> "\"" + t + "\"").collect(Collectors.joining(","));
    }

    /** The configuration of an image of these layers' tars. */
    public static byte[] config(String settings, byte[]... layers) {
        var ids =
                Arrays.stream(layers).map(layer -> Digest.of(layer).toString()).toArray(String[]::new);
        return ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"created\":\"2020-01-01T00:00:00Z\",\"config\":{"
                        + settings + "},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + quoted(ids) + "]}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A {@code docker save} archive of one image. */
    public static byte[] docker(byte[] config, String[] tags, byte[]... layers) {
        var name = Digest.of(config).hex() + ".json";
        var tar = new Tar().file(name, config, e -> {});
        var names = new String[layers.length];
        for (int i = 0; i < layers.length; i++) {
            names[i] = "layer" + i + "/layer.tar";
            tar.file(names[i], layers[i], e -> {});
        }
        return tar.file(
                        "manifest.json",
                        "[{\"Config\":\"" + name + "\",\"RepoTags\":[" + quoted(tags) + "],\"Layers\":[" + quoted(names)
                                + "]}]")
                .bytes();
    }

    /** An OCI layout in a directory; blobs are given as they are stored, perhaps compressed. */
    public static void oci(Path directory, byte[] config, String name, byte[]... blobs) throws IOException {
        var layers = new StringBuilder();
        for (var blob : blobs) {
            layers.append(layers.isEmpty() ? "" : ",").append(descriptor("application/x", blob, ""));
            blob(directory, blob);
        }
        blob(directory, config);
        var manifest = ("{\"schemaVersion\":2,\"config\":" + descriptor("application/x", config, "") + ",\"layers\":["
                        + layers + "]}")
                .getBytes(StandardCharsets.UTF_8);
        blob(directory, manifest);
        var annotations = ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"" + name + "\"}";
        Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Files.writeString(
                directory.resolve("index.json"),
                "{\"schemaVersion\":2,\"manifests\":["
                        + descriptor("application/vnd.oci.image.manifest.v1+json", manifest, annotations) + "]}");
    }

    private static String descriptor(String type, byte[] content, String more) {
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + Digest.of(content) + "\",\"size\":" + content.length
                + more + "}";
    }

    private static void blob(Path directory, byte[] content) throws IOException {
        var digest = Digest.of(content);
        Files.createDirectories(directory.resolve("blobs/sha256"));
        Files.write(directory.resolve("blobs/sha256").resolve(digest.hex()), content);
    }
}
