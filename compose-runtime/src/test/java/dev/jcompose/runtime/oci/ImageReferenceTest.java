package dev.jcompose.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.runtime.BackendException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
    private static final String HEX = "ab".repeat(32);

    @ParameterizedTest
    @CsvSource({
        "busybox, docker.io/library/busybox:latest, busybox:latest",
        "busybox:1.36, docker.io/library/busybox:1.36, busybox:1.36",
        "library/busybox, docker.io/library/busybox:latest, busybox:latest",
        "user/app, docker.io/user/app:latest, user/app:latest",
        "docker.io/busybox, docker.io/library/busybox:latest, busybox:latest",
        "index.docker.io/a/b, docker.io/a/b:latest, a/b:latest",
        "localhost/app, localhost/app:latest, localhost/app:latest",
        "localhost:5000/app:v1, localhost:5000/app:v1, localhost:5000/app:v1",
        "registry.example/a/b/c__d:X, registry.example/a/b/c__d:X, registry.example/a/b/c__d:X",
    })
    void names_are_completed_as_docker_does(String text, String full, String brief) {
        var reference = ImageReference.parse(text);

        assertThat(reference.full()).isEqualTo(full);
        assertThat(reference.brief()).isEqualTo(brief);
        assertThat(ImageReference.parse(full)).isEqualTo(reference);
    }

    @Test
    void a_digest_stands_without_a_tag() {
        var reference = ImageReference.parse("app@sha256:" + HEX);

        assertThat(reference.tag()).isEmpty();
        assertThat(reference.full()).isEqualTo("docker.io/library/app@sha256:" + HEX);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Upper",
                "a:",
                "a:-x",
                "a//b",
                "-a",
                "a@sha256:12",
                "a@md5:12",
                "../a",
                "a/../b",
                "a b",
                "a:x/y:z"
            })
    void what_is_no_name_is_refused_and_quoted(String text) {
        assertThatThrownBy(() -> ImageReference.parse(text))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("\"" + text + "\" is not an image name");
    }
}
