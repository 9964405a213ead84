package dev.jcompose.model.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.model.Dependency;
import dev.jcompose.model.FileConfig;
import dev.jcompose.model.Healthcheck;
import dev.jcompose.model.Mount;
import dev.jcompose.model.PortMapping;
import dev.jcompose.model.RestartPolicy;
import dev.jcompose.model.Service;
import dev.jcompose.model.problem.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ComposeProjectLoaderTest {
    @TempDir
    Path directory = Path.of("");

    private Scratch compose(String text) throws IOException {
        return new Scratch(directory).file("compose.yaml", text);
    }

    private static Service service(Scratch scratch, String name) {
        return Objects.requireNonNull(scratch.load().services().get(name), name);
    }

    @Test
    void a_service_is_read_with_everything_a_backend_needs() throws IOException {
        var web = service(compose("""
                        services:
                          db: {image: postgres}
                          web:
                            image: nginx:${TAG:-1.27}
                            command: sh -c "echo $$HOME"
                            environment: {A: 1, B: , C: "${NO-}"}
                            env_file: web.env
                            ports: ["127.0.0.1:8080:80", "9000-9001:90-91/udp"]
                            volumes: [data:/data, ./conf:/conf:ro]
                            tmpfs: /run:size=1m
                            depends_on: {db: {condition: service_healthy}}
                            healthcheck: {test: curl localhost, interval: 5s, retries: 2}
                            restart: on-failure:3
                            deploy: {replicas: 2, resources: {limits: {cpus: "0.5", memory: 64M, pids: 10}}}
                        volumes: {data: {}}
                        """).file("web.env", "A=file\nX=from-file\n").variable("B", "outer"), "web");
        assertThat(web.image()).hasValue("nginx:1.27");
        assertThat(web.scale()).isEqualTo(2);
        assertThat(web.process().command()).hasValue(List.of("sh", "-c", "echo $HOME"));
        assertThat(web.process().environment())
                .containsAllEntriesOf(Map.of(
                        "A",
                        Optional.of("1"),
                        "B",
                        Optional.of("outer"),
                        "C",
                        Optional.of(""),
                        "X",
                        Optional.of("from-file")));
        assertThat(web.networking().ports())
                .startsWith(new PortMapping(Optional.of("127.0.0.1"), Optional.of("8080"), 80, "tcp", Optional.empty()))
                .hasSize(3);
        assertThat(web.networking().networks()).containsOnlyKeys("default");
        assertThat(web.storage().mounts())
                .startsWith(
                        new Mount.NamedVolume("data", "/data", false, false, Optional.empty()),
                        new Mount.Bind(
                                directory.resolve("conf").toString(),
                                "/conf",
                                true,
                                true,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()))
                .hasSize(3);
        assertThat(web.resources().memory()).hasValue(64L << 20);
        assertThat(web.resources().cpus()).hasValue(0.5);
        assertThat(web.lifecycle().restart()).isEqualTo(new RestartPolicy.OnFailure(3));
        assertThat(web.lifecycle().dependsOn())
                .containsEntry("db", new Dependency(Dependency.Condition.HEALTHY, false, true));
        assertThat(web.lifecycle().healthcheck())
                .hasValue(new Healthcheck(
                        List.of("CMD-SHELL", "curl localhost"),
                        Optional.of(Duration.ofSeconds(5)),
                        Optional.empty(),
                        OptionalInt.of(2),
                        Optional.empty(),
                        Optional.empty(),
                        false));
    }

    @Test
    void every_attribute_the_user_set_is_listed_with_its_place() throws IOException {
        var web = service(
                compose(
                        "services:\n  web:\n    image: i\n    healthcheck:\n      interval: 5s\n    networks: {front: {aliases: [w]}}\nnetworks: {front: {}}\n"),
                "web");
        assertThat(web.attributes())
                .containsEntry("image", new Position("compose.yaml", 3, 5))
                .containsEntry("healthcheck.interval", new Position("compose.yaml", 5, 7))
                .containsKey("networks.*.aliases")
                .doesNotContainKey("depends_on");
    }

    @Test
    void an_override_file_replaces_appends_resets_and_overrides() throws IOException {
        var web = service(
                compose(
                                "services:\n  web:\n    image: a\n    command: [x]\n    environment: [A=1, B=1]\n    ports: ['80:80']\n    dns: [1.1.1.1]\n    labels: {a: b}\n")
                        .file(
                                "compose.override.yaml",
                                "services:\n  web:\n    command: [y]\n    environment: {B: 2}\n    ports: !override ['81:80']\n    dns: [8.8.8.8]\n    labels: !reset {}\n"),
                "web");
        assertThat(web.process().command()).hasValue(List.of("y"));
        assertThat(web.process().environment())
                .containsEntry("A", Optional.of("1"))
                .containsEntry("B", Optional.of("2"));
        assertThat(web.networking().ports()).extracting(PortMapping::published).containsExactly(Optional.of("81"));
        assertThat(web.networking().dns()).containsExactly("1.1.1.1", "8.8.8.8");
        assertThat(web.labels()).isEmpty();
    }

    @Test
    void extends_takes_another_files_service_with_its_paths() throws IOException {
        var web = service(
                compose("services: {web: {extends: {file: base/b.yaml, service: base}, environment: {B: 2}}}")
                        .file(
                                "base/b.yaml",
                                "services: {base: {image: i, volumes: ['./d:/d'], environment: {A: 1, B: 1}}}"),
                "web");
        assertThat(web.storage().mounts())
                .extracting(mount -> ((Mount.Bind) mount).source())
                .containsExactly(directory.resolve("base/d").toString());
        assertThat(web.process().environment()).containsEntry("B", Optional.of("2"));
    }

    @Test
    void an_included_file_has_its_own_directory_and_variables() throws IOException {
        var db = service(
                compose("include: [db/compose.yaml]\nservices: {web: {image: i, depends_on: [db]}}\n")
                        .file("db/compose.yaml", "services: {db: {image: 'db:${TAG}', volumes: ['./d:/d']}}\n")
                        .file("db/.env", "TAG=7\n"),
                "db");
        assertThat(db.image()).hasValue("db:7");
        assertThat(db.storage().mounts())
                .extracting(mount -> ((Mount.Bind) mount).source())
                .containsExactly(directory.resolve("db/d").toString());
    }

    @Test
    void services_of_other_profiles_are_set_aside() throws IOException {
        var scratch = compose("services: {a: {image: i}, b: {image: i, profiles: [x]}, c: {image: i, profiles: [y]}}");
        var project = scratch.profiles("x").load();
        assertThat(project.services()).containsOnlyKeys("a", "b");
        assertThat(project.disabledServices()).containsOnlyKeys("c");
    }

    @Test
    void secrets_and_configs_say_where_their_bytes_come_from() throws IOException {
        var project = compose("""
                        services: {web: {image: i, secrets: [s], configs: [{source: c, target: /etc/c, mode: 0440}]}}
                        secrets: {s: {file: ./s.txt}}
                        configs: {c: {content: "x=${X:-1}"}}
                        """).load();
        assertThat(project.secrets().get("s"))
                .extracting(FileConfig::source)
                .isEqualTo(Optional.of(new FileConfig.Source.HostFile(
                        directory.resolve("s.txt").toString())));
        assertThat(project.configs().get("c"))
                .extracting(FileConfig::source)
                .isEqualTo(Optional.of(new FileConfig.Source.Content("x=1")));
    }

    @Test
    void an_unset_variable_is_reported_once_with_its_place() throws IOException {
        var project = compose("services: {a: {image: 'i:$TAG'}, b: {image: 'j:$TAG'}}")
                .load();
        assertThat(project.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.message()).contains("\"TAG\" variable is not set");
            assertThat(warning.path()).isEqualTo("services.a.image");
        });
    }

    @Test
    void the_hash_of_a_service_ignores_what_does_not_make_its_container() throws IOException {
        var first = service(compose("services: {web: {image: i, scale: 1, environment: {A: 1, B: 2}}}"), "web");
        var same = service(compose("services: {web: {image: i, scale: 3, environment: [B=2, A=1]}}"), "web");
        var other = service(compose("services: {web: {image: i, environment: {A: 1, B: 3}}}"), "web");
        assertThat(first.configHash()).hasSize(64).isEqualTo(same.configHash()).isNotEqualTo(other.configHash());
    }

    @Test
    void the_document_reads_back_as_itself() throws IOException {
        var scratch = compose(
                "services: {web: {image: i, command: 'echo \"a b\" $$X', ports: [80], labels: {a: 'x: y', b: '1', c: \"l1\\nl2\\n\", d: 'yes'}}}");
        var printed = scratch.document().yaml();
        assertThat(compose(printed).document().yaml()).isEqualTo(printed);
    }
}
