package dev.jcompose.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.runtime.BackendException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDocumentTest {
    private static final String DOCUMENT = """
            {"created":"2024-01-02T03:04:05.678Z","architecture":"amd64","os":"linux","extra":[1,2.5,{"x":null}],
             "config":{"User":"1:2","ExposedPorts":{"80/tcp":{}},"Env":["A=1","B=x y"],"Entrypoint":["/e"],"Cmd":null,
              "Volumes":{"/data":{}},"WorkingDir":"/w","Labels":{"b":"2","a":"1"},"StopSignal":"SIGQUIT",
              "Healthcheck":{"Test":["CMD","true"],"Interval":5000000000,"Retries":4},"Shell":["/bin/bash","-c"]},
             "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},
             "history":[{"created_by":"a"},{"created_by":"b","empty_layer":true}]}
            """.formatted("0f".repeat(32));

    @Test
    void an_image_survives_reading_and_writing() {
        var document = ImageDocument.read(DOCUMENT.getBytes(StandardCharsets.UTF_8));

        assertThat(ImageDocument.read(document.write())).isEqualTo(document);
        assertThat(document.config().env()).containsExactly("A=1", "B=x y");
        assertThat(document.config().cmd()).isEmpty();
        assertThat(document.config().labels().keySet()).containsExactly("b", "a");
        assertThat(document.config().healthcheck().orElseThrow().interval()).contains(Duration.ofSeconds(5));
        assertThat(document.config().healthcheck().orElseThrow().retries()).hasValue(4);
        assertThat(document.history().get(1).emptyLayer()).isTrue();
        assertThat(document.diffIds()).isEqualTo(List.of(new Digest("0f".repeat(32))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{} {}",
                "{\"config\":7}",
                "{\"config\":{\"Env\":{}}}",
                "{\"config\":{\"Env\":[\"A=\\u0000\"]}}",
                "{\"rootfs\":{\"diff_ids\":[\"../../etc\"]}}",
                "{\"created\":\"yesterday\"}"
            })
    void a_document_that_lies_is_refused(String text) {
        assertThatThrownBy(() -> ImageDocument.read(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(BackendException.class);
    }

    @Test
    void deep_nesting_is_refused() {
        var deep = "[".repeat(100_000).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> ImageDocument.read(deep)).isInstanceOf(BackendException.class);
    }
}
