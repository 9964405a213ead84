package dev.jcompose.model.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.Service;
import dev.jcompose.model.problem.InvalidProjectException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small things in which this loader once differed from the reference. */
final class ReferenceTest {
    private static final String PROFILES = """
            services:
              a: {image: x, profiles: [p]}
              b: {image: x, profiles: [p], depends_on: [a]}
              c: {image: x, profiles: [q], depends_on: [a]}
              d: {image: x, profiles: [q], depends_on: {a: {condition: service_started, required: false}}}
            """;

    @TempDir
    Path directory = Path.of("");

    private Scratch compose(String text) throws IOException {
        return new Scratch(directory).file("compose.yaml", text);
    }

    private static Service service(Scratch scratch, String name) {
        return Objects.requireNonNull(scratch.load().services().get(name), name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "services: {a: {image: x, ports: [{published: 80}]}}",
                "services: {a: {image: x, devices: [{source: /dev/a}]}}",
                "services: {a: {image: x, devices: ['/dev/a:/dev/b:/dev/c:r']}}",
                "services: {a: {image: x, logging: {driver: local, options: {compress: true}}}}",
                "services: {a: {image: x, storage_opt: {size: true}}}",
                "services: {a: {image: x}}\nvolumes: {v: {driver_opts: {a: true}}}",
                "services: {a: {image: x}}\nnetworks: {n: {ipam: {options: {a: 1}}}}",
                "services: {a: {image: ''}}",
                "services: {a: {image: x, mem_limit: 1g, deploy: {resources: {limits: {cpus: '1'}}}}}",
                "services: {a: {image: x}}\n---\n# nothing here\n",
                "services: {a: {image: x, environment: {'': x}}}",
                "services: {a: {image: x, networks: {default: {driver_opts: {a: null}}}}}",
                "services: {a: {image: x, ports: ['::1:80:80']}}",
                "services: {a: {image: x, ports: ['80:0']}}",
                "services: {a: {image: x, gpus: [{driver: n, count: 1, device_ids: ['1']}]}}",
                "services: {a: {image: x, develop: {watch: [{path: x, action: sync+exec, target: /y, exec: {}}]}}}",
                "services: {a: {image: x, depends_on: {b: {condition: service_started, required: false}}}}",
                "services: {a: {build: {context: ., additional_contexts: {c: 'service:b'}}}, b: {image: x}}",
                "services: {a: {image: x}}\nnetworks: {n: {ipam: {config: [null]}}}",
                "services: {a: {image: x}}\nvolumes: {v: {external: null}}",
                "services: {a: {image: x}}\nsecrets: {s: {environment: ''}}",
            })
    void what_the_reference_refuses_is_refused(String text) throws IOException {
        var scratch = compose(text);
        assertThatThrownBy(scratch::load).isInstanceOf(InvalidProjectException.class);
    }

    @Test
    void a_command_without_value_in_a_later_file_takes_it_away() throws IOException {
        var scratch = compose("services: {a: {image: x, command: one, entrypoint: two, user: me}}")
                .file("compose.override.yaml", "services: {a: {command: , entrypoint: ~, user: }}");
        assertThat(service(scratch, "a").process().command()).isEmpty();
        assertThat(service(scratch, "a").process().entrypoint()).isEmpty();
        assertThat(service(scratch, "a").process().user()).hasValue("me");
    }

    @Test
    void the_same_port_in_short_and_long_form_is_one() throws IOException {
        var scratch = compose("services: {a: {image: x, ports: ['80:80', 81]}}")
                .file(
                        "compose.override.yaml",
                        "services: {a: {ports: [{target: 80, published: '80'}, {target: 81}, {target: 80, published: 80}]}}");
        assertThat(service(scratch, "a").networking().ports())
                .hasSize(3); // a number and a text are different ports to the reference
    }

    @Test
    void a_scale_is_shown_as_replicas_where_there_is_a_deploy_section() throws IOException {
        var json = compose("services: {a: {image: x, scale: 2, deploy: {labels: {b: c}}}}")
                .document()
                .json();
        assertThat(json).containsPattern("\"replicas\" ?: 2");
    }

    @Test
    void an_env_file_sees_its_own_values_before_those_of_earlier_files() throws IOException {
        var scratch = compose("services: {a: {image: '$A-$B-$C'}}")
                .file("one.env", "A=1\nC=3\n")
                .file("two.env", "A=2\nB=$A$C\n")
                .variable("COMPOSE_ENV_FILES", "one.env,two.env");
        assertThat(service(scratch, "a").image()).isEqualTo(Optional.of("2-23-3"));
    }

    @Test
    void a_named_service_enables_its_profiles() throws IOException {
        assertThat(compose(PROFILES).document("b").keys("services")).containsExactlyInAnyOrder("a", "b");
        assertThat(compose(PROFILES).document("d").keys("services")).containsExactly("d");
        var withMissing = compose(PROFILES);
        assertThatThrownBy(() -> withMissing.document("c")).hasMessageContaining("no such service: a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpu_period: 1.5",
                "deploy: null",
                "develop: null",
                "healthcheck: {test: []}",
                "extends: {service: b, unknown: 1}",
                "ports: ['[::1]:80:80', '127.0.0.1:0:80']",
            })
    void what_the_reference_accepts_is_accepted(String attribute) throws IOException {
        var scratch = compose("services: {b: {image: x}, a: {image: x, " + attribute + "}}");
        assertThat(scratch.load().services()).containsOnlyKeys("a", "b");
        assertThat(scratch.document().json()).doesNotContain("deploy", "develop", "\"test\"", "unknown", "1.5");
    }

    @Test
    void unknown_keys_of_extends_and_include_are_warned_of() throws IOException {
        var project = compose(
                        "include: [{path: b.yaml, fiel: 1}]\nservices: {a: {extends: {service: c, servce: 1}}, c: {image: x}}")
                .file("b.yaml", "services: {b: {image: x}}")
                .load();
        assertThat(project.warnings())
                .anyMatch(warning ->
                        warning.toString().contains("unknown key \"servce\" (did you mean \"service\"?), ignored"));
    }

    @Test
    void variables_of_services_that_are_not_enabled_are_listed_too() throws IOException {
        assertThat(compose("services: {a: {image: '${IMAGE:-x}', profiles: [p]}, b: {image: y}}")
                        .variables())
                .extracting(VariableUse::name)
                .containsExactly("IMAGE");
    }
}
