package dev.jcompose.runtime.linux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.layer.LayerLimits;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.testing.Archives;
import dev.jcompose.runtime.testing.Root;
import dev.jcompose.runtime.testing.Tar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Archives that lie: each is refused by a clear message, names nothing, and writes nothing beside the store. */
class HostileArchiveTest {
    private static final byte[] LAYER = new Tar().file("f", "x").bytes();
    private static final byte[] CONFIG = Archives.config("", LAYER);
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    @TempDir
    Path directory = Path.of("");

    @BeforeEach
    void needRoot() {
        Root.required();
    }

    private ImageStore store() {
        return new ImageStore(directory.resolve("store"), new LayerLimits(1000, 8 << 20));
    }

    private void assertRefused(byte[] archive, String message) throws IOException {
        var file = Files.write(directory.resolve("archive.tar"), archive);
        assertThatThrownBy(() -> new ArchiveLoader(store()).load(file))
                .isInstanceOf(BackendException.class)
                .hasMessageStartingWith("cannot load \"" + file + "\": ")
                .hasMessageContaining(message);
        assertThat(store().list()).isEmpty();
        try (var files = Files.list(directory)) {
            assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrder("archive.tar", "store");
        }
        for (var place : new String[] {"layers", "blobs/sha256"}) {
            try (var files = Files.list(directory.resolve("store").resolve(place))) {
                assertThat(files.filter(f -> f.getFileName().toString().startsWith(".")))
                        .isEmpty();
            }
        }
    }

    /** An OCI layout whose parts are changed before their digests are taken. */
    private static byte[] layout(
            UnaryOperator<String> config, UnaryOperator<String> manifest, UnaryOperator<String> index) {
        var tar = new Tar();
        var configBytes = config.apply(text(CONFIG)).getBytes(StandardCharsets.UTF_8);
        var written = manifest.apply("{\"schemaVersion\":2,\"config\":" + descriptor("application/x", configBytes)
                        + ",\"layers\":[" + descriptor("application/x", LAYER) + "]}")
                .getBytes(StandardCharsets.UTF_8);
        for (var blob : new byte[][] {configBytes, written, LAYER}) {
            blob(tar, blob);
        }
        return tar.file("index.json", index.apply("{\"manifests\":[" + descriptor(MANIFEST, written) + "]}"))
                .bytes();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void blob(Tar tar, byte[] content) {
        tar.file("blobs/sha256/" + Digest.of(content).hex(), content, e -> {});
    }

    private static String descriptor(String type, byte[] content) {
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + Digest.of(content) + "\",\"size\":" + content.length
                + "}";
    }

    private static UnaryOperator<String> same() {
        return UnaryOperator.identity();
    }

    private static UnaryOperator<String> replace(String from, String to) {
        return text -> text.replaceFirst(from, to);
    }

    static Stream<Arguments> layouts() {
        return Stream.of(
                Arguments.of(
                        "a negative size",
                        layout(same(), replace("\"size\":\\d+}\\]", "\"size\":-5}]"), same()),
                        "-5 bytes"),
                Arguments.of("no size", layout(same(), replace(",\"size\":\\d+}\\]", "}]"), same()), "-1 bytes"),
                Arguments.of(
                        "a wrong size",
                        layout(same(), replace("\"size\":\\d+}\\]", "\"size\":7}]"), same()),
                        "bytes and not 7"),
                Arguments.of(
                        "a document of another size",
                        layout(same(), same(), replace("\"size\":\\d+", "\"size\":9")),
                        "another digest or size"),
                Arguments.of(
                        "a huge document",
                        layout(same(), same(), replace("\"size\":\\d+", "\"size\":99999999999")),
                        "99999999999 bytes"),
                Arguments.of(
                        "a size that is no number",
                        layout(same(), same(), replace("\"size\":\\d+", "\"size\":\"x\"")),
                        "expected a whole number"),
                Arguments.of(
                        "a size beyond all numbers",
                        layout(same(), same(), replace("\"size\":\\d+", "\"size\":" + "9".repeat(30))),
                        "not a valid image document"),
                Arguments.of(
                        "more diff IDs than layers",
                        layout(
                                replace("\"diff_ids\":\\[", "\"diff_ids\":[\"" + Digest.of("x") + "\","),
                                same(),
                                same()),
                        "other layers than its configuration"),
                Arguments.of(
                        "no diff IDs",
                        layout(replace("\"diff_ids\":\\[[^]]*\\]", "\"diff_ids\":[]"), same(), same()),
                        "other layers than its configuration"),
                Arguments.of(
                        "another diff ID",
                        layout(
                                replace("\"diff_ids\":\\[[^]]*\\]", "\"diff_ids\":[\"" + Digest.of("x") + "\"]"),
                                same(),
                                same()),
                        "has the content of"),
                Arguments.of(
                        "a digest of another kind",
                        layout(same(), replace("sha256:", "sha512:"), same()),
                        "is not a sha256 digest"),
                Arguments.of(
                        "a digest that is a path",
                        layout(same(), replace("sha256:[0-9a-f]+", "sha256:../../../../etc/passwd"), same()),
                        "is not a sha256 digest"),
                Arguments.of(
                        "a manifest of an unknown kind",
                        layout(same(), same(), replace("oci.image.manifest", "cncf.helm")),
                        "something that is no image"),
                Arguments.of(
                        "an index that is an index",
                        layout(same(), same(), replace(MANIFEST.replace("+", "\\+"), INDEX)),
                        "no image for linux"),
                Arguments.of("a manifest that is a list", layout(same(), m -> "[]", same()), "expected an object"),
                Arguments.of(
                        "a manifest that is not JSON",
                        layout(same(), m -> "{\"a\":", same()),
                        "not a valid image document"),
                Arguments.of(
                        "deep nesting", layout(same(), m -> "[".repeat(5000), same()), "not a valid image document"),
                Arguments.of(
                        "millions of values",
                        layout(same(), m -> "[" + "1,".repeat(600_000) + "1]", same()),
                        "not a valid image document"),
                Arguments.of(
                        "a huge manifest",
                        layout(same(), m -> "{\"a\":\"" + "x".repeat(5 << 20) + "\"}", same()),
                        "is said to have"),
                Arguments.of(
                        "a NUL in the environment",
                        layout(replace("\"config\":\\{", "\"config\":{\"Env\":[\"A=\\\\u0000\"]"), same(), same()),
                        "NUL character"),
                Arguments.of(
                        "an impossible time",
                        layout(replace("2020-01-01", "2020-13-41"), same(), same()),
                        "not a valid image document"),
                Arguments.of(
                        "a name that is none",
                        layout(
                                same(),
                                same(),
                                replace(
                                        "\"size\"",
                                        "\"annotations\":{\"org.opencontainers.image.ref.name\":\"../../etc\"},\"size\"")),
                        "is not an image name"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layouts")
    void a_layout_that_lies_is_refused(String name, byte[] archive, String message) throws IOException {
        assertRefused(archive, message);
    }

    static Stream<Arguments> dockerArchives() {
        var hex = Digest.of(CONFIG).hex();
        return Stream.of(
                Arguments.of(
                        "a name that is none",
                        Archives.docker(CONFIG, new String[] {"../../evil:1"}, LAYER),
                        "is not an image name"),
                Arguments.of(
                        "a name with a line end",
                        Archives.docker(CONFIG, new String[] {"a\\nb 0 0"}, LAYER),
                        "is not an image name"),
                Arguments.of(
                        "fewer layers",
                        Archives.docker(Archives.config("", LAYER, LAYER), new String[] {"a"}, LAYER),
                        "1 layers for an image of 2"),
                Arguments.of(
                        "another configuration",
                        new Tar()
                                .file(hex + ".json", "{}")
                                .file("manifest.json", "[{\"Config\":\"" + hex + ".json\",\"Layers\":[]}]")
                                .bytes(),
                        "does not have the digest"),
                Arguments.of(
                        "a list that is an object",
                        new Tar().file("manifest.json", "{\"a\":1}").bytes(),
                        "expected a list"),
                Arguments.of(
                        "a huge list",
                        new Tar()
                                .file("manifest.json", "[" + " ".repeat(5 << 20) + "]")
                                .bytes(),
                        "too large"),
                Arguments.of(
                        "a link to a file of the machine",
                        new Tar()
                                .file(hex + ".json", CONFIG, e -> {})
                                .symlink("layer.tar", "/etc/passwd")
                                .file(
                                        "manifest.json",
                                        "[{\"Config\":\"" + hex
                                                + ".json\",\"RepoTags\":[\"a\"],\"Layers\":[\"layer.tar\"]}]")
                                .bytes(),
                        "it has no \"layer.tar\""),
                Arguments.of(
                        "links in a circle",
                        new Tar()
                                .file(hex + ".json", CONFIG, e -> {})
                                .symlink("layer.tar", "layer.tar")
                                .file("manifest.json", "[{\"Config\":\"" + hex + ".json\",\"Layers\":[\"layer.tar\"]}]")
                                .bytes(),
                        "it has no \"layer.tar\""),
                Arguments.of("501 layers", many(501), "has 501 layers"),
                Arguments.of(
                        "a bomb of an archive",
                        Tar.gzip(Tar.gzip(
                                new Tar().file("x", new byte[9 << 20], e -> {}).bytes())),
                        "it is not an image archive"),
                Arguments.of(
                        "a bomb of a compressed archive",
                        Tar.gzip(new Tar().file("x", new byte[9 << 20], e -> {}).bytes()),
                        "unpacks to more than 8388608 bytes; if it is meant to, allow more with JCOMPOSE_MAX_LAYER_SIZE"),
                Arguments.of(
                        "a bomb of a layer",
                        bomb(),
                        "unpacks to more than 8388608 bytes; if it is meant to, allow more with JCOMPOSE_MAX_LAYER_SIZE"),
                Arguments.of("a cut compressed layer", cut(), "Unexpected end"));
    }

    private static byte[] many(int count) {
        var layers = new byte[count][];
        java.util.Arrays.fill(layers, LAYER);
        return Archives.docker(Archives.config("", layers), new String[] {"a"}, layers);
    }

    private static byte[] bomb() {
        var layer = new Tar().file("x", new byte[9 << 20], e -> {}).bytes();
        return Archives.docker(Archives.config("", layer), new String[] {"a"}, Tar.gzip(layer));
    }

    private static byte[] cut() {
        var whole = Tar.gzip(LAYER);
        return Archives.docker(CONFIG, new String[] {"a"}, java.util.Arrays.copyOf(whole, whole.length / 2));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dockerArchives")
    void a_docker_archive_that_lies_is_refused(String name, byte[] archive, String message) throws IOException {
        assertRefused(archive, message);
    }

    @Test
    void what_follows_a_layers_end_is_limited() throws IOException {
        var layer = java.util.Arrays.copyOf(LAYER, LAYER.length + (65 << 20));
        assertRefused(
                Archives.docker(Archives.config("", layer), new String[] {"a"}, Tar.gzip(layer)),
                "bytes follow the end of a layer's tar");
    }
}
