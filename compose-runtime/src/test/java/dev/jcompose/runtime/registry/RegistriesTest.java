package dev.jcompose.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.oci.Json;
import dev.jcompose.runtime.oci.MediaTypes;
import dev.jcompose.runtime.oci.Platform;
import dev.jcompose.runtime.testing.FakeRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistriesTest {
    private static final byte[] CONTENT = "a layer".getBytes(StandardCharsets.UTF_8);
    private static final Backoff QUICK = new Backoff(3, Duration.ofMillis(1), Duration.ofMillis(50));

    private final FakeRegistry registry = new FakeRegistry();
    private final Path home;
    private final Map<String, String> environment = new HashMap<>();

    RegistriesTest(@TempDir Path home) throws IOException {
        this.home = home;
        environment.put("HOME", home.toString());
        registry.image("1", CONTENT);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private RegistryClient client() {
        return Registries.from(environment, QUICK).repository(ImageReference.parse(registry.host() + "/team/app:1"));
    }

    private Path config(String text) throws IOException {
        var file = home.resolve(".docker/config.json");
        Files.createDirectories(home.resolve(".docker"));
        return Files.writeString(file, text);
    }

    private static boolean wants(HttpExchange exchange, String authorization, String challenge) throws IOException {
        if (authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return false;
        }
        exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
        FakeRegistry.send(exchange, 401, "{}");
        return true;
    }

    @Test
    void a_token_is_fetched_with_the_login_and_used_again() throws Exception {
        config("{\"auths\":{\"" + registry.host() + "\":{\"auth\":\"" + "dTpwOnc=" + "\"}}}");
        var realm = "Bearer realm=\"http://" + registry.host() + "/token?x=1\",service=\"the \\\"registry\\\"\"";
        registry.play(exchange -> {
            if (exchange.getRequestURI().getPath().equals("/token")) {
                FakeRegistry.send(exchange, 200, "{\"token\":\"abc\"}");
                return true;
            }
            return !exchange.getRequestURI().getPath().equals("/v2/") && wants(exchange, "Bearer abc", realm);
        });
        var client = client();

        client.manifest("1");
        client.manifest("1");

        assertThat(registry.requests("/token"))
                .containsExactly("GET /token?x=1&service=the+%22registry%22&scope=repository%3Ateam%2Fapp%3Apull"
                        + " Basic dTpwOnc=");
        assertThat(registry.requests("manifests/1 null")).hasSize(1);
        assertThat(registry.requests("manifests/1 Bearer abc")).hasSize(2);
    }

    @Test
    void an_identity_token_is_changed_for_another_and_a_bad_token_is_not_used() throws Exception {
        config("{\"auths\":{\"" + registry.host() + "\":{\"identitytoken\":\"long\"}}}");
        registry.play(exchange -> {
            if (exchange.getRequestURI().getPath().equals("/token")) {
                var form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(form).contains("grant_type=refresh_token").contains("refresh_token=long");
                FakeRegistry.send(exchange, 200, "{\"access_token\":\"a\\r\\nHost: evil\"}");
                return true;
            }
            return !exchange.getRequestURI().getPath().equals("/v2/")
                    && wants(exchange, "Bearer x", "Bearer realm=\"http://" + registry.host() + "/token\"");
        });

        assertThatThrownBy(() -> client().manifest("1")).hasMessageContaining("sent no token that can be used");
    }

    @Test
    void a_password_is_shown_when_asked_for_and_its_refusal_is_explained() throws Exception {
        registry.play(exchange -> !exchange.getRequestURI().getPath().equals("/v2/")
                && wants(exchange, "Basic dTpwOnc=", "Basic realm=\"x\""));

        assertThatThrownBy(() -> client().manifest("1"))
                .hasMessageContaining(
                        "wants a login for manifest \"1\": use \"jcompose login " + registry.host() + "\"");
        config("{\"auths\":{\"http://" + registry.host() + "/v2/\":{\"username\":\"u\",\"password\":\"wrong\"}}}");
        assertThatThrownBy(() -> client().manifest("1")).hasMessageContaining("does not take the login");
        config("{\"auths\":{\"" + registry.host() + "\":{\"auth\":\"dTpwOnc=\"}}}");
        assertThat(client().manifest("1").digest()).isNotNull();
    }

    @Test
    void a_helper_that_cannot_be_run_is_named() throws Exception {
        config("{\"credHelpers\":{\"" + registry.host() + "\":\"test-that-is-not-there\"}}");
        registry.play(exchange -> !exchange.getRequestURI().getPath().equals("/v2/")
                && wants(exchange, "Basic dTpwOnc=", "Basic realm=\"x\""));

        assertThatThrownBy(() -> client().manifest("1"))
                .hasMessageContaining("docker-credential-test-that-is-not-there, which the Docker configuration names");
        assertThatThrownBy(() -> new CredentialHelper("../evil")).hasMessageContaining("not the name of");
    }

    @Test
    void a_login_is_checked_and_kept_for_its_owner_only_and_the_rest_of_the_file_stays() throws Exception {
        var file = config("{\"psFormat\":\"x\",\"number\":1.50,\"auths\":{\"other\":{\"auth\":\"YTpi\"}}}");
        registry.play(exchange -> exchange.getRequestURI().getPath().equals("/v2/")
                && exchange.getRequestHeaders().containsKey("Authorization")
                && wants(exchange, "Basic dTpwOnc=", "Basic realm=\"x\""));
        registry.play(exchange -> exchange.getRequestURI().getPath().equals("/v2/")
                && wants(exchange, "Basic dTpwOnc=", "Basic realm=\"x\""));
        var registries = Registries.from(environment, QUICK);

        assertThatThrownBy(() -> registries.login(registry.host(), "u", "wrong"))
                .hasMessageContaining("registry");
        assertThat(registries.login(registry.host(), "u", "p:w")).contains(file);

        var json = Json.read(Files.readAllBytes(file));
        assertThat(json.get("auths").get(registry.host()).get("auth").text()).contains("dTpwOnc=");
        assertThat(json.get("auths").get("other").get("auth").text()).contains("YTpi");
        assertThat(Files.readString(file)).contains("\"psFormat\" : \"x\"").contains("1.50");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(registries.logout("http://" + registry.host() + "/v1/")).isTrue();
        assertThat(registries.logout(registry.host())).isFalse();
        assertThat(Json.read(Files.readAllBytes(file)).get("auths").members()).containsOnlyKeys("other");
    }

    @Test
    void redirects_take_no_password_along_and_lead_nowhere_strange() throws Exception {
        config("{\"auths\":{\"" + registry.host() + "\":{\"auth\":\"dTpwOnc=\"}}}");
        try (var elsewhere = new FakeRegistry()) {
            var blob = Descriptor.of(MediaTypes.LAYER, elsewhere.blob(CONTENT), CONTENT.length);
            registry.play(exchange -> !exchange.getRequestURI().getPath().equals("/v2/")
                    && wants(exchange, "Basic dTpwOnc=", "Basic realm=\"x\""));
            redirect("http://" + elsewhere.host() + "/v2/x/blobs/" + blob.digest());

            assertThat(client().blob(blob).readAllBytes()).isEqualTo(CONTENT);
            assertThat(elsewhere.requests()).allMatch(line -> line.endsWith(" null"));
        }
        redirect("file:///etc/passwd");
        assertThatThrownBy(
                        () -> client().blob(new Descriptor("", Digest.of("x"), 5, "", new java.util.LinkedHashMap<>()))
                                .readAllBytes())
                .hasMessageContaining("refused");
    }

    private void redirect(String location) {
        registry.play(exchange -> {
            if (exchange.getRequestURI().getPath().contains("/blobs/")) {
                exchange.getResponseHeaders().set("Location", location);
                FakeRegistry.send(exchange, 307, "");
                return true;
            }
            return false;
        });
    }

    @Test
    void a_faulty_registry_is_asked_again_a_few_times() throws Exception {
        var times = new AtomicInteger();
        registry.play(exchange -> {
            boolean faulty = exchange.getRequestURI().getPath().contains("manifests") && times.incrementAndGet() < 3;
            if (faulty) {
                FakeRegistry.send(exchange, 503, "");
            }
            return faulty;
        });

        assertThat(client().manifest("1").digest()).isNotNull();
        times.set(-10);
        assertThatThrownBy(() -> client().manifest("1"))
                .hasMessageContaining("HTTP status 503, a fault of the registry");
    }

    @Test
    void a_blob_goes_in_pieces_to_a_registry_that_wants_it_so() throws Exception {
        var blob = Descriptor.of(MediaTypes.LAYER, Digest.of(CONTENT), CONTENT.length);
        registry.play(exchange -> {
            var method = exchange.getRequestMethod();
            int sent = exchange.getRequestBody().readAllBytes().length;
            if (method.equals("HEAD") || method.equals("GET")) {
                return false;
            }
            exchange.getResponseHeaders().set("Location", "/v2/team/app/blobs/uploads/1?_state=s");
            FakeRegistry.send(exchange, method.equals("PUT") ? (sent > 0 ? 413 : 201) : 202, "");
            return true;
        });

        client().upload(blob, () -> new ByteArrayInputStream(CONTENT), bytes -> {});

        assertThat(registry.requests("uploads"))
                .containsExactly(
                        "POST /v2/team/app/blobs/uploads/ null",
                        "PUT /v2/team/app/blobs/uploads/1?_state=s&digest=" + blob.digest() + " null",
                        "POST /v2/team/app/blobs/uploads/ null",
                        "PATCH /v2/team/app/blobs/uploads/1?_state=s null",
                        "PUT /v2/team/app/blobs/uploads/1?_state=s&digest=" + blob.digest() + " null");
    }

    @Test
    void proxies_are_used_but_for_what_is_excluded() {
        var proxies = new Proxies(Map.of(
                "https_proxy",
                "http://user:pw@proxy.lan:3129",
                "NO_PROXY",
                "corp, .inner.org,10.0.0.0/8,*.x.net,h:5000"));

        assertThat(proxies.to(URI.create("https://registry.org/")).authorization())
                .contains("Basic dXNlcjpwdw==");
        assertThat(List.of(
                        "https://a.corp/",
                        "https://a.inner.org/",
                        "https://10.1.2.3/",
                        "https://127.0.0.1:5/",
                        "https://a.x.net/",
                        "https://h:5000/",
                        "http://registry.org/"))
                .allMatch(uri -> proxies.to(URI.create(uri)).equals(Proxies.Way.STRAIGHT));
        assertThat(List.of("https://inner.org.evil/", "https://h:5001/", "https://11.0.0.1/"))
                .noneMatch(uri -> proxies.to(URI.create(uri)).equals(Proxies.Way.STRAIGHT));
    }

    @Test
    void settings_are_read_strictly_and_servers_are_known_by_their_names() throws Exception {
        var file = Files.writeString(home.resolve("r.json"), "{\"registries\":{\"a\":{\"mirors\":[]}}}");
        environment.put("JCOMPOSE_REGISTRIES", file.toString());

        assertThatThrownBy(() -> Registries.from(environment))
                .hasMessage(file + ": unknown key \"mirors\" (there are ca, insecure, mirrors)");
        assertThat(Registries.registry("")).isEqualTo("docker.io");
        assertThat(Registries.registry("https://index.docker.io/v1/")).isEqualTo("docker.io");
        assertThat(Registries.registry("https://reg.lan:5000/v2/")).isEqualTo("reg.lan:5000");
        assertThatThrownBy(() -> Registries.registry("a b")).hasMessageContaining("is not a registry");
    }

    @Test
    void platforms_match_by_their_variants() {
        assertThat(Platform.parse("aarch64")).hasToString("linux/arm64");
        assertThat(Platform.parse("linux/arm")).hasToString("linux/arm/v7");
        assertThat(Platform.parse("linux/x86_64/v1")).hasToString("linux/amd64");
        var index = dev.jcompose.runtime.oci.ImageIndex.read(
                ("{\"manifests\":[" + entry("v6") + "," + entry("v5") + "," + entry("v8") + "]}")
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(Platform.parse("linux/arm/v7").choose(index).map(Descriptor::variant))
                .contains("v6");
        assertThat(Platform.parse("linux/arm64").choose(index)).isEqualTo(Optional.empty());
    }

    private static String entry(String variant) {
        return FakeRegistry.descriptor(
                Digest.of(variant),
                1,
                ",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm\",\"variant\":\"" + variant + "\"}");
    }
}
