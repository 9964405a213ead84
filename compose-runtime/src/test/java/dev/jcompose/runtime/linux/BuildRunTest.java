package dev.jcompose.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.Build;
import dev.jcompose.model.BuildMeans;
import dev.jcompose.model.FileConfig;
import dev.jcompose.model.Storage.FileMount;
import dev.jcompose.model.problem.Position;
import dev.jcompose.runtime.Images.BuildRequest;
import dev.jcompose.runtime.linux.image.StoredImage;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What RUN gets and may do, and what is left of it. */
class BuildRunTest {
    private static final String SECRET = "correct horse battery";

    private final Path temporary;
    private final TestBuilds builds;
    private final List<String> progress = new CopyOnWriteArrayList<>();
    private BuildMeans means = BuildMeans.NONE;

    BuildRunTest(@TempDir Path temporary) {
        this.temporary = temporary;
        this.builds = new TestBuilds(temporary);
    }

    @BeforeEach
    void prepare() throws IOException {
        TestBuilds.required();
        builds.loadBase("base");
        Files.createDirectories(temporary.resolve("context"));
    }

    private StoredImage build(String dockerfile) throws InterruptedException {
        progress.clear();
        builds.run(request(dockerfile), progress::add);
        return builds.store().find("built").orElseThrow();
    }

    private BuildRequest request(String dockerfile) {
        var build = new Build(
                temporary.resolve("context").toString(),
                Optional.empty(),
                Optional.of(dockerfile),
                new LinkedHashMap<>(Map.of("HTTP_PROXY", Optional.of("http://proxy.invalid"))),
                Optional.empty(),
                new LinkedHashMap<>(),
                List.of(),
                false,
                false,
                means);
        var secret = new FileConfig(
                "key", "key", false, Optional.of(new FileConfig.Source.Content(SECRET)), new Position("f", 1, 1));
        return new BuildRequest("built", build, Map.of(), Map.of(), false, Map.of("key", secret), OptionalLong.empty());
    }

    private static BuildMeans means(SequencedMap<String, String> contexts, List<FileMount> secrets, List<String> ssh) {
        var none = BuildMeans.NONE;
        return new BuildMeans(
                contexts,
                secrets,
                ssh,
                none.network(),
                none.extraHosts(),
                none.shmSize(),
                none.ulimits(),
                none.entitlements(),
                none.platforms(),
                none.noCacheFilter(),
                none.cacheFrom(),
                none.cacheTo());
    }

    @Test
    void secrets_are_seen_by_the_step_and_are_in_no_file_of_the_store() throws IOException, InterruptedException {
        means = means(
                new LinkedHashMap<>(),
                List.of(new FileMount("key", "id", Optional.empty(), Optional.empty(), OptionalInt.empty())),
                List.of());
        var image = build("""
                FROM base
                RUN --mount=type=secret,id=id,uid=1000,mode=0440 wc -c < /run/secrets/id > /length && ls -ln /run/secrets/id
                RUN --mount=type=secret,id=id,env=KEY --mount=type=secret,id=id,target=/x/y echo "${#KEY}" > /env && ls /x
                """);
        var files = new LayeredFiles(image.layers());

        assertThat(files.readText("length")).contains(SECRET.length() + "\n");
        assertThat(files.readText("env")).contains(SECRET.length() + "\n");
        assertThat(progress).anyMatch(line -> line.matches("-r--r----- +1 1000 +0 .*/run/secrets/id"));
        assertThat(files.find("run").isPresent() || files.find("x").isPresent()).isFalse();
        try (var all = Files.walk(temporary.resolve("state"))) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain(SECRET);
            }
        }
        assertThatThrownBy(() -> build("FROM base\nRUN --mount=type=secret,id=other,required true"))
                .hasMessageStartingWith("dockerfile_inline:2: secret \"other\" is required");
    }

    @Test
    void a_step_is_confined_as_a_container_is() throws InterruptedException {
        var image = build("""
                FROM base
                RUN grep -E 'CapBnd|Seccomp:' /proc/self/status > /status; \\
                    ls /proc/1/root%s 2> /host; ls -A /proc/acpi /sys/firmware > /masked 2>&1; echo $HTTP_PROXY > /proxy
                """.formatted(temporary));
        var files = new LayeredFiles(image.layers());

        assertThat(files.readText("status").orElseThrow()).contains("00000000a80425fb", "Seccomp:\t2");
        assertThat(files.readText("host").orElseThrow()).contains("No such file");
        assertThat(files.readText("proxy")).contains("http://proxy.invalid\n");
        assertThatThrownBy(() -> build("FROM base\nRUN --security=insecure true"))
                .hasMessageStartingWith("dockerfile_inline:2: --security=insecure needs build.privileged");
        assertThatThrownBy(() -> build("FROM base\nRUN --network=host true"))
                .hasMessageStartingWith("dockerfile_inline:2: --network=host needs build.entitlements");
    }

    @Test
    void caches_live_on_and_contexts_have_names() throws IOException, InterruptedException {
        var other = Files.createDirectory(temporary.resolve("other"));
        Files.writeString(other.resolve("f"), "other");
        means = means(
                new LinkedHashMap<>(Map.of("dir", other.toString(), "img", "docker-image://base")),
                List.of(),
                List.of());
        build("FROM base\nRUN --mount=type=cache,id=c,target=/c,sharing=locked echo 1 >> /c/n");
        var image = build("""
                FROM img
                COPY --from=dir f /f
                RUN --mount=type=cache,id=c,target=/c,sharing=locked --mount=from=dir,target=/d cat /c/n /d/f > /seen
                """);

        assertThat(new LayeredFiles(image.layers()).readText("seen")).contains("1\nother");
    }

    @Test
    void an_agent_is_reached_through_a_socket_of_the_steps_own() throws IOException, InterruptedException {
        try (var agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            var socket = temporary.resolve("agent");
            agent.bind(UnixDomainSocketAddress.of(socket));
            means = means(new LinkedHashMap<>(), List.of(), List.of("default=" + socket));
            build("FROM base\nRUN --mount=type=ssh,uid=1000 ls -ln $SSH_AUTH_SOCK");
        }
        assertThat(progress).anyMatch(line -> line.matches("srw------- +1 1000 +0 .*/run/buildkit/ssh_agent.0"));
        assertThatThrownBy(() -> build("FROM base\nRUN --mount=type=ssh,required,id=no true"))
                .hasMessageContaining("no SSH agent \"no\"");
    }

    @Test
    void an_interrupted_build_leaves_no_process_and_no_directory() throws IOException, InterruptedException {
        var started = new CountDownLatch(1);
        var build = Thread.ofPlatform().start(() -> {
            try {
                builds.run(request("FROM base\nRUN echo started; sleep 1000"), line -> {
                    if (line.equals("started")) {
                        started.countDown();
                    }
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        started.await();
        build.interrupt();
        build.join();

        try (var left = Files.walk(builds.layout().run().resolve("build"))) {
            assertThat(left.filter(file -> !file.toString().endsWith(".lock")))
                    .containsExactly(builds.layout().run().resolve("build"));
        }
        try (var left = Files.list(builds.store().layersDirectory())) {
            assertThat(left)
                    .noneMatch(file -> String.valueOf(file.getFileName()).startsWith("."));
        }
        assertThat(ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream()))
                .noneMatch(line -> line.contains(builds.layout().run().toString()) && line.contains("step"));
    }
}
