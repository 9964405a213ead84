package dev.jcompose.runtime.linux.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.execute.TaskGroup;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.registry.Registries;
import dev.jcompose.runtime.testing.Archives;
import dev.jcompose.runtime.testing.FakeRegistry;
import dev.jcompose.runtime.testing.Root;
import dev.jcompose.runtime.testing.Tar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrySourceTest {
    private static final byte[] BASE = new Tar().file("etc/os", "base").bytes();
    private static final byte[] TOP =
            new Tar().file("etc/app", noise(300_000), e -> {}).bytes();

    private final Path temporary;
    private final ImageStore store;
    private final FakeRegistry registry = new FakeRegistry();
    private final RegistrySource source;

    RegistrySourceTest(@TempDir Path temporary) throws IOException {
        this.temporary = temporary;
        this.store = new ImageStore(temporary.resolve("store"));
        this.source = new RegistrySource(() -> Registries.from(environment()));
    }

    private Map<String, String> environment() {
        return Map.of("HOME", temporary.toString());
    }

    @BeforeEach
    void needRoot() {
        Root.required();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private static byte[] noise(int size) {
        var bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private String name(String rest) {
        return registry.host() + "/team/app" + rest;
    }

    private void pull(String reference) throws InterruptedException {
        source.pull(ImageReference.parse(reference), Optional.empty(), store, layer -> {});
    }

    private void refuses(String reference, String reason) throws IOException {
        assertThatThrownBy(() -> pull(reference))
                .isInstanceOf(BackendException.class)
                .hasMessageStartingWith("cannot pull " + reference + ": ")
                .hasMessageContaining(reason);
        assertThat(store.find(reference)).isEmpty();
        assertThat(left()).isEmpty();
    }

    /** What stands in the store half done. */
    private List<Path> left() throws IOException {
        try (var all = Files.walk(temporary.resolve("store"))) {
            return all.filter(file -> file.getFileName().toString().startsWith(".ing-"))
                    .toList();
        } catch (java.nio.file.NoSuchFileException e) {
            return List.of();
        }
    }

    private static boolean isBlob(HttpExchange exchange, byte[] content) {
        return exchange.getRequestURI().getPath().endsWith("/blobs/" + Digest.of(content));
    }

    @Test
    void an_image_is_pulled_kept_byte_by_byte_and_not_downloaded_again() throws Exception {
        var manifest = registry.image("1", BASE, TOP);

        pull(name(":1"));

        var image = store.find(name(":1")).orElseThrow();
        assertThat(new LayeredFiles(image.layers()).readText("etc/os")).contains("base");
        assertThat(store.manifest(name(":1")).orElseThrow().content()).isEqualTo(manifest);
        assertThat(store.find(name("@" + Digest.of(manifest)))).isPresent();
        assertThat(store.named(name(":1"))).isPresent();
        pull(name(":1"));
        pull(name(":1@" + Digest.of(manifest)));
        assertThat(registry.requests("/blobs/")).hasSize(3);
    }

    @Test
    void images_pulled_at_once_share_their_layers() throws Exception {
        registry.image("1", BASE, TOP);
        registry.image("2", BASE, new Tar().file("two", "2").bytes());
        registry.image("3", BASE, TOP, new Tar().file("three", "3").bytes());

        try (var group = new TaskGroup()) {
            for (var tag : List.of("1", "2", "3")) {
                group.fork("pull-" + tag, () -> pull(name(":" + tag)));
            }
            group.join();
        }

        assertThat(store.list()).hasSize(3);
        assertThat(registry.requests("/blobs/")).doesNotHaveDuplicates().hasSize(3 + 4);
    }

    @Test
    void the_manifest_for_the_platform_is_chosen() throws Exception {
        var good = registry.image("good", BASE);
        var entries = List.of("amd64", "arm64").stream()
                .map(architecture -> FakeRegistry.descriptor(
                        Digest.of(good),
                        good.length,
                        ",\"platform\":{\"os\":\"linux\",\"architecture\":\"" + architecture + "\"}"))
                .collect(Collectors.joining(","));
        var index = ("{\"schemaVersion\":2,\"manifests\":[" + entries + "]}").getBytes(StandardCharsets.UTF_8);
        registry.manifest("1", index);

        source.pull(ImageReference.parse(name(":1")), Optional.of("linux/amd64"), store, layer -> {});
        pull(name(":other@" + Digest.of(index)));

        assertThat(store.list()).hasSize(1);
        assertThatThrownBy(() ->
                        source.pull(ImageReference.parse(name(":1")), Optional.of("linux/s390x"), store, layer -> {}))
                .hasMessageContaining("there is none for linux/s390x, only for linux/amd64, linux/arm64");
        assertThatThrownBy(() ->
                        source.pull(ImageReference.parse(name(":1")), Optional.of("linux/arm64"), store, layer -> {}))
                .hasMessageContaining("it is for linux/amd64, not for linux/arm64");
    }

    @Test
    void a_download_goes_on_where_it_was_cut_off() throws Exception {
        registry.image("1", TOP);
        var packed = FakeRegistry.gzip(TOP);
        var cuts = new AtomicInteger();
        registry.play(exchange -> {
            if (isBlob(exchange, packed) && cuts.incrementAndGet() == 1) {
                exchange.sendResponseHeaders(200, packed.length);
                exchange.getResponseBody().write(packed, 0, packed.length / 2);
                exchange.getResponseBody().flush();
                return true;
            }
            return false;
        });

        pull(name(":1"));

        assertThat(store.find(name(":1"))).isPresent();
        assertThat(cuts).hasValue(2);
    }

    @Test
    void lies_about_content_are_refused() throws Exception {
        var manifest = registry.image("1", BASE, TOP);
        var packed = FakeRegistry.gzip(BASE);
        var other = Digest.of(packed).toString();

        registry.blobs().put(other, flipped(packed));
        refuses(name(":1"), "the registry lies; refused");
        registry.blobs().put(other, Arrays.copyOf(packed, packed.length + 10));
        refuses(name(":1"), "is longer than the " + packed.length + " bytes its manifest says: refused");
        registry.blobs().put(other, packed);
        registry.manifests().put(Digest.of(manifest).toString(), registry.image("2", TOP));
        refuses(name("@" + Digest.of(manifest)), "the registry lies; refused");
    }

    private static byte[] flipped(byte[] content) {
        var changed = content.clone();
        changed[changed.length / 2] ^= 1;
        return changed;
    }

    @Test
    void manifests_that_cannot_be_true_are_refused() throws Exception {
        var config = Archives.config("", BASE);
        var packed = FakeRegistry.gzip(BASE);
        var configEntry = FakeRegistry.descriptor(registry.blob(config), config.length, "");
        var layer = FakeRegistry.descriptor(registry.blob(packed), packed.length, "");

        registry.manifest("two", FakeRegistry.manifest(configEntry, layer + "," + layer));
        refuses(name(":two"), "it has 2 layers, but its configuration says 1: refused");
        registry.manifest("negative", FakeRegistry.manifest(configEntry, layer.replace("\"size\":", "\"size\":-")));
        refuses(name(":negative"), "is said to have no size: refused");
        registry.manifest(
                "huge", FakeRegistry.manifest(FakeRegistry.descriptor(Digest.of(config), 1L << 40, ""), layer));
        refuses(name(":huge"), "its configuration is said to have 1099511627776 bytes: refused");
        registry.manifest("long", new byte[5 << 20]);
        refuses(name(":long"), "is larger than 4194304 bytes: refused");
        registry.manifest("path", FakeRegistry.manifest(configEntry, layer.replace("sha256:", "sha256:../")));
        refuses(name(":path"), "is not a sha256 digest");
        registry.manifest(
                "chart", "{\"schemaVersion\":2,\"mediaType\":\"application/helm\"}".getBytes(StandardCharsets.UTF_8));
        registry.manifest(
                "both",
                new String(FakeRegistry.manifest(configEntry, layer), StandardCharsets.UTF_8)
                        .replace("\"layers\"", "\"manifests\":[],\"layers\"")
                        .getBytes(StandardCharsets.UTF_8));
        refuses(name(":both"), "can be read as an image and as an index: refused");
        refuses(name(":chart"), "is not a container image, but \"application/helm\"");
    }

    @Test
    void a_layer_that_is_not_what_the_configuration_says_is_refused() throws Exception {
        var packed = FakeRegistry.gzip(TOP);
        var config = Archives.config("", BASE);
        registry.manifest(
                "1",
                FakeRegistry.manifest(
                        FakeRegistry.descriptor(registry.blob(config), config.length, ""),
                        FakeRegistry.descriptor(registry.blob(packed), packed.length, "")));

        refuses(name(":1"), "has the content of");
    }

    @Test
    void what_a_registry_refuses_is_explained() throws Exception {
        refuses(name(":gone"), "does not have manifest \"gone\" (it says: not  [31mhere)");
        registry.play(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "3600");
            FakeRegistry.send(exchange, exchange.getRequestURI().getPath().contains("limit") ? 429 : 403, "");
            return exchange.getRequestURI().getPath().contains("manifests");
        });
        refuses(
                name("/limit:1"),
                "has had too many requests from here (429); it takes more in 3600 s: its limit is higher");
        refuses(name(":1"), "does not allow manifest \"1\" without a login (\"jcompose login");
    }

    @Test
    void a_foreign_layer_comes_from_where_its_descriptor_says() throws Exception {
        try (var elsewhere = new FakeRegistry()) {
            var config = Archives.config("", BASE);
            var packed = FakeRegistry.gzip(BASE);
            var url = "http://" + elsewhere.host() + "/v2/x/blobs/" + elsewhere.blob(packed);
            registry.manifest(
                    "1",
                    FakeRegistry.manifest(
                            FakeRegistry.descriptor(registry.blob(config), config.length, ""),
                            FakeRegistry.descriptor(Digest.of(packed), packed.length, ",\"urls\":[\"" + url + "\"]")));

            pull(name(":1"));

            assertThat(store.find(name(":1"))).isPresent();
        }
    }

    @Test
    void a_mirror_is_asked_first_and_the_registry_when_it_fails() throws Exception {
        registry.image("1", BASE);
        try (var mirror = new FakeRegistry()) {
            mirror.image("2", TOP);
            Files.createDirectories(temporary.resolve(".config/jcompose"));
            Files.writeString(
                    temporary.resolve(".config/jcompose/registries.json"),
                    "{\"registries\":{\"" + registry.host() + "\":{\"mirrors\":[\"http://" + mirror.host()
                            + "/cache\"]}}}");

            pull(name(":1"));
            pull(name(":2"));

            assertThat(mirror.requests()).contains("GET /v2/cache/team/app/manifests/1 null");
            assertThat(store.list()).hasSize(2);
            assertThat(registry.requests("manifests/2")).isEmpty();
        }
    }
}
