package dev.jcompose.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.cli.option.UsageException;
import dev.jcompose.runtime.Images.ImageSummary;
import dev.jcompose.runtime.NotFoundException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageFilterTest {
    private static final ImageSummary OLD = image("nginx:1", 1, Map.of("team", "web"));
    private static final ImageSummary NEW = image("registry.example:5000/a/nginx:2", 9, Map.of());
    private static final ImageSummary LOST = image("<none>", 5, Map.of("team", "db"));
    private static final List<ImageSummary> ALL = List.of(OLD, NEW, LOST);

    private static ImageSummary image(String reference, long second, Map<String, String> labels) {
        return new ImageSummary(
                reference, "sha256:" + Long.toString(second).repeat(64), 1, Instant.ofEpochSecond(second), "", labels);
    }

    private static List<ImageSummary> filtered(String... filters) {
        return new ImageFilter(List.of(filters), List.of()).of(ALL);
    }

    @Test
    void images_are_chosen_by_what_docker_chooses_by() {
        assertThat(filtered("dangling=true")).containsExactly(LOST);
        assertThat(filtered("dangling=false", "label=team")).containsExactly(OLD);
        assertThat(filtered("label=team=db")).containsExactly(LOST);
        assertThat(filtered("reference=ng*")).containsExactly(OLD);
        assertThat(filtered("reference=registry.example:5000/*/nginx")).containsExactly(NEW);
        assertThat(filtered("reference=nginx:2")).isEmpty();
        assertThat(filtered("before=" + "5".repeat(12))).containsExactly(OLD);
        assertThat(filtered("since=nginx:1")).containsExactly(NEW, LOST);
        assertThat(new ImageFilter(List.of(), List.of("nginx")).of(ALL)).containsExactly(OLD);
    }

    @Test
    void names_are_taken_apart_around_ports_and_digests() {
        assertThat(ImageFilter.repository("host:5000/a:1")).isEqualTo("host:5000/a");
        assertThat(ImageFilter.tag("host:5000/a")).isEmpty();
        assertThat(ImageFilter.repository("a@sha256:" + "1".repeat(64))).isEqualTo("a");
    }

    @Test
    void filters_that_are_none_say_so() {
        assertThatThrownBy(() -> filtered("dangling")).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> filtered("size=1")).hasMessageContaining("is not known");
        assertThatThrownBy(() -> filtered("dangling=perhaps")).hasMessageContaining("true or false");
        assertThatThrownBy(() -> filtered("since=missing")).isInstanceOf(NotFoundException.class);
    }
}
