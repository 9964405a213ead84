package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images go to real registries and come back, by jcompose and by others. */
class RegistryScenario {
    @TempDir
    Path directory;

    private static void needsTools() throws IOException {
        Machine.needsRootAnd("busybox", "docker-registry", "skopeo", "htpasswd", "openssl");
    }

    private static String digest(Path file) throws Exception {
        return "sha256:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private Path home(Stack stack) throws IOException {
        return Files.createDirectories(stack.directory().resolveSibling("home"));
    }

    @Test
    void images_are_built_pushed_copied_by_another_tool_pulled_and_run() throws Exception {
        needsTools();
        try (var registry = LocalRegistry.plain(directory)) {
            String image = registry.host() + "/team/box:1";
            String manifest;
            try (Stack stack = Stack.of("services: {box: {image: \"%s\", build: .}}\n".formatted(image))) {
                stack.run("build").succeeds();
                assertThat(stack.run("push").succeeds().err()).contains("Pushed");
                assertThat(stack.run("push").succeeds().err()).contains("Layer already exists");
                manifest = digest(registry.give("team/box:1", "pushed").resolve("manifest.json"));
            }
            registry.receive("dir:" + directory.resolve("pushed"), "other/box:2", "--preserve-digests");
            registry.compressByZstd("pushed", "zstd");
            registry.receive("dir:" + directory.resolve("zstd"), "zstd/box:2", "--preserve-digests");
            try (Stack stack = Stack.of("""
                    services:
                      one: {image: "%s/other/box:2", command: [echo, "from one"]}
                      two: {image: "%s/zstd/box:2", command: [echo, "from two"], pull_policy: always}
                      three: {image: "%s/other/box:gone", build: ., profiles: [more]}
                    """.formatted(registry.host(), registry.host(), registry.host()))) {
                var up = stack.run("up", "--abort-on-container-failure").succeeds();
                assertThat(up.out()).contains("from one").contains("from two");
                assertThat(stack.run("config", "--lock-image-digests")
                                .succeeds()
                                .out())
                        .contains("image: " + registry.host() + "/other/box@" + manifest);
                assertThat(stack.run("pull", "-q").succeeds().err()).isEmpty();
                assertThat(stack.run("--profile", "more", "pull").succeeds().err())
                        .contains("does not have");
                stack.run("image", "pull", "-q", registry.host() + "/other/box:nix")
                        .fails();
                stack.run("image", "push", registry.host() + "/other/box:2").succeeds();
                assertThat(digest(registry.give("other/box:2", "again").resolve("manifest.json")))
                        .isEqualTo(manifest);
            }
        }
    }

    @Test
    void a_private_registry_wants_a_login_that_a_helper_may_keep() throws Exception {
        needsTools();
        try (var registry = LocalRegistry.withPassword(directory);
                Stack stack = Stack.of("services: {box: {build: ., image: \"%s/box\"}}\n".formatted(registry.host()))) {
            stack.run("build").succeeds();
            assertThat(stack.run("push").fails().err())
                    .contains("wants a login")
                    .contains("jcompose login " + registry.host());
            assertThat(stack.run("login", registry.host(), "-u", "ann", "-p", "wrong")
                            .fails()
                            .err())
                    .contains("does not take");
            assertThat(stack.run("login", registry.host(), "-u", "ann", "-p", "s3cr:t")
                            .succeeds()
                            .out())
                    .isEqualTo("Login Succeeded\n");

            Path config = home(stack).resolve(".docker/config.json");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
                    .isEqualTo("rw-------");
            stack.run("push").succeeds();
            registry.give("box:latest", "copy", "--src-creds=ann:s3cr:t");
            stack.run("image", "rm", registry.host() + "/box").succeeds();
            stack.run("image", "pull", registry.host() + "/box").succeeds();
            stack.run("logout", registry.host()).succeeds();
            stack.run("image", "pull", registry.host() + "/box").fails();
            assertThat(Files.readString(config)).doesNotContain(registry.host());
        }
    }

    @Test
    void a_registry_with_an_authority_of_its_own_is_trusted_when_told_so() throws Exception {
        needsTools();
        try (var registry = LocalRegistry.withTls(directory);
                Stack stack = Stack.of("services: {box: {build: ., image: \"%s/box\", pull_policy: daily}}\n"
                        .formatted(registry.host()))) {
            stack.run("build").succeeds();
            settings(stack, registry, "\"ca\": \"" + directory.resolve("reg.csr") + "\"");
            assertThat(stack.run("push").fails().err()).contains("cannot read the certificates in");
            settings(stack, registry, "\"ca\": \"" + otherAuthority() + "\"");
            assertThat(stack.run("push").fails().err())
                    .contains("its certificate is from no authority this machine trusts");
            settings(stack, registry, "\"ca\": \"" + directory.resolve("ca.crt") + "\"");
            stack.run("push").succeeds();
            stack.run("image", "pull", registry.host() + "/box").succeeds();

            stack.write("services: {box: {image: \"%s/box\", pull_policy: daily}}\n".formatted(registry.host()));
            assertThat(stack.run("--dry-run", "create").succeeds().out()).doesNotContain("Pulling");
            age(stack, Duration.ofHours(25));
            assertThat(stack.run("create").succeeds().err()).contains("Pulled");
            assertThat(stack.run("--dry-run", "create").succeeds().out()).doesNotContain("Pulling");
        }
    }

    private Path otherAuthority() throws Exception {
        Path other = Files.createDirectories(directory.resolve("other"));
        LocalRegistry.run(
                other,
                Map.of(),
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x -keyout k -out c"
                        .split(" "));
        return other.resolve("c");
    }

    private void settings(Stack stack, LocalRegistry registry, String setting) throws IOException {
        Path file = home(stack).resolve(".config/jcompose/registries.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"registries\": {\"" + registry.host() + "\": {" + setting + "}}}");
    }

    private void age(Stack stack, Duration age) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(home(stack).resolve("state/store/named"))) {
            files = all.toList();
        }
        for (Path file : files) {
            assertThat(Files.readString(file, StandardCharsets.UTF_8)).endsWith("\n");
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        }
    }
}
