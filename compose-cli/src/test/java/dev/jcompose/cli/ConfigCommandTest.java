package dev.jcompose.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code config} prints for its flags. */
class ConfigCommandTest {
    private static final String DIGEST = "sha256:" + "a".repeat(64);

    @TempDir
    private Path directory;

    @BeforeEach
    void project() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  web: {image: "nginx:1.2@%s", profiles: []}
                  made: {build: .}
                """.formatted(DIGEST));
    }

    private Invocation config(String... arguments) {
        var line = new String[arguments.length + 1];
        line[0] = "config";
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        return Invocation.in(directory, line);
    }

    @Test
    void an_override_file_pins_images_by_their_digests() {
        assertThat(config("--lock-image-digests").out()).isEqualTo("""
                services:
                  made: {}
                  web:
                    image: docker.io/library/nginx@%s
                """.formatted(DIGEST));
        assertThat(config("--resolve-image-digests").out())
                .contains("image: docker.io/library/nginx@" + DIGEST)
                .contains("dockerfile: Dockerfile");
    }

    @Test
    void an_image_whose_digest_nobody_knows_is_named() throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), "services: {web: {image: \"localhost:1/nginx\"}}\n");

        var run = config("--resolve-image-digests");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("cannot resolve the digest of image \"localhost:1/nginx\": cannot reach registry");
    }

    @Test
    void quiet_silences_the_document_but_no_list() {
        assertThat(config("-q").out()).isEmpty();
        assertThat(config("-q", "--services").out()).isEqualTo("made\nweb\n");
    }

    @Test
    void a_service_that_does_not_exist_is_named_without_a_place_in_the_file() {
        assertThat(config("wep").err()).startsWith("no such service: wep (did you mean \"web\"?)");
        assertThat(config("--hash", "wep").err()).startsWith("no such service: wep (did you mean \"web\"?)");
    }

    @Test
    void json_looks_as_docker_compose_prints_it() {
        assertThat(config("--format", "json").out()).startsWith("{\n  \"name\": ");
    }

    @Test
    void lists_of_resources_are_those_of_the_project_even_when_variables_are_left_as_written() throws IOException {
        Files.writeString(
                directory.resolve("compose.yaml"), "services: {web: {image: nginx}}\nnetworks: {unused: {}, n: {}}\n");

        assertThat(config("--networks", "--no-interpolate").out()).isEqualTo("default\n");
        assertThat(config("--profiles", "wep").err()).startsWith("no such service: wep");
        assertThat(config("--environment", "wep").err()).startsWith("no such service: wep");
    }
}
