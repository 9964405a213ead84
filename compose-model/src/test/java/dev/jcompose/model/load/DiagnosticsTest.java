package dev.jcompose.model.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jcompose.model.problem.InvalidProjectException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiagnosticsTest {
    @TempDir
    Path directory = Path.of("");

    private InvalidProjectException failure(String text) throws IOException {
        var scratch = new Scratch(directory).file("compose.yaml", text);
        return Objects.requireNonNull(catchThrowableOfType(InvalidProjectException.class, scratch::load));
    }

    @Test
    void a_misspelt_key_is_shown_with_its_line_and_the_word_that_was_meant() throws IOException {
        assertThat(failure("services:\n  web:\n    image: i\n    prots: [80]\n"))
                .hasMessage("""
                        compose.yaml:4:5: services.web.prots: unknown key "prots" (did you mean "ports"?)
                            prots: [80]
                            ^""".replace("\n    prots", "\n        prots").replace("\n    ^", "\n        ^"));
    }

    @Test
    void independent_problems_are_reported_together() throws IOException {
        var failure = failure("""
                services:
                  web:
                    image: 5
                    ports: ["80:99999"]
                    healthcheck: {interval: 10 s}
                    mem_limit: lots
                """);
        assertThat(failure.problems())
                .extracting(problem -> problem.path())
                .containsExactly(
                        "services.web.image",
                        "services.web.ports[0]",
                        "services.web.healthcheck.interval",
                        "services.web.mem_limit");
    }

    @Test
    void what_is_referred_to_must_exist() throws IOException {
        assertThat(
                        failure(
                                "services: {web: {image: i, networks: [frnt], volumes: ['dat:/d'], depends_on: [bd]}, db: {image: i}}\nnetworks: {front: {}}\nvolumes: {data: {}}\n"))
                .hasMessageContaining("undefined network \"frnt\" (did you mean \"front\"?)")
                .hasMessageContaining("undefined volume \"dat\" (did you mean \"data\"?)")
                .hasMessageContaining("depends on undefined service \"bd\" (did you mean \"db\"?)");
    }

    @Test
    void a_dependency_cycle_is_named_in_order() throws IOException {
        assertThat(
                        failure(
                                "services: {a: {image: i, depends_on: [b]}, b: {image: i, links: [c]}, c: {image: i, depends_on: [a]}}"))
                .hasMessageContaining("dependency cycle detected: a -> b -> c -> a");
    }

    @Test
    void a_problem_in_an_env_file_has_that_files_line() throws IOException {
        var scratch = new Scratch(directory)
                .file("compose.yaml", "services: {a: {image: i, env_file: a.env}}")
                .file("a.env", "A=1\nB C=2\n");
        assertThatThrownBy(scratch::load).hasMessageStartingWith("a.env:2:1: ");
    }

    @Test
    void a_circle_of_includes_is_named() throws IOException {
        var scratch = new Scratch(directory)
                .file("compose.yaml", "include: [b.yaml]\nservices: {a: {image: i}}")
                .file("b.yaml", "include: [compose.yaml]\nservices: {b: {image: i}}");
        assertThatThrownBy(scratch::load)
                .hasMessageContaining("include cycle detected: compose.yaml -> b.yaml -> compose.yaml");
    }

    @Test
    void a_file_to_extend_from_that_is_missing_is_named_with_its_attribute() throws IOException {
        assertThat(failure("services:\n  web:\n    extends: {file: nope.yaml, service: a}\n"))
                .hasMessageStartingWith("compose.yaml:3:21: services.web.extends.file: \"nope.yaml\" does not exist");
    }

    @Test
    void a_quote_that_is_never_closed_is_shown_where_it_begins() throws IOException {
        assertThat(failure("services:\n  web:\n    image: \"unclosed\n    tty: true\n"))
                .hasMessageStartingWith("compose.yaml:3:12: not valid YAML: this quote is never closed");
    }

    @Test
    void a_problem_of_a_later_file_is_placed_there() throws IOException {
        var scratch = new Scratch(directory)
                .file("compose.yaml", "services: {web: {image: i}}")
                .file("compose.override.yaml", "services:\n  web:\n    cpus: ${CPUS:-many}\n");
        assertThatThrownBy(scratch::load)
                .hasMessageContaining("compose.override.yaml:3:11: services.web.cpus: must be a number, not \"many\"");
    }

    @Test
    void a_problem_behind_an_anchor_is_placed_where_it_is_written() throws IOException {
        assertThat(failure("x-b: &b\n  mem_limit: lots\nservices:\n  web: {<<: *b, image: i}\n"))
                .hasMessageStartingWith("compose.yaml:2:14: services.web.mem_limit: ");
    }
}
