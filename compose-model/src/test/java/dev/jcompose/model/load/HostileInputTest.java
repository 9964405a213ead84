package dev.jcompose.model.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.jcompose.model.problem.ComposeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files made to hurt end in one message, in bounded time and memory. */
final class HostileInputTest {
    private static final String SEED_FILE = """
            x-common: &common {restart: always, labels: [a=b], logging: {driver: local, options: {max-size: "1m"}}}
            services:
              web:
                <<: *common
                image: nginx:${TAG:-1}
                ports: ["80:80", {target: 90, published: "91"}]
                environment: {A: "${B:?x}", C: !reset null}
                depends_on: {db: {condition: service_healthy}}
                volumes: [data:/data, "./x:/x:ro"]
              db:
                build: {context: ., args: [A=1]}
                healthcheck: {test: [CMD, "true"], interval: 10s}
                deploy: {resources: {limits: {memory: 64M, cpus: "0.5"}}}
                extends: {service: base}
              base: {image: i}
            networks: {default: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}
            volumes: {data: }
            """;

    private static final String NOISE = "{}[]:,-&*!|>'\"%@`#$\t\n 0a~";

    @TempDir
    Path directory = Path.of("");

    private Scratch compose(String text) throws IOException {
        return new Scratch(directory).file("compose.yaml", text).variable("B", "b");
    }

    @Test
    void an_alias_bomb_is_refused_before_it_expands() throws IOException {
        var bomb = new StringBuilder("x-0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("x-%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "x"));
        }
        assertThatThrownBy(compose(bomb + "services: {a: {image: i}}\n")::load)
                .isInstanceOf(ComposeException.class)
                .hasMessageContaining("aliases expand this file");
    }

    @Test
    void nesting_without_end_is_refused() throws IOException {
        assertThatThrownBy(compose("x-a: " + "[".repeat(100_000))::load).hasMessageContaining("nested deeper");
    }

    @Test
    void ten_megabytes_are_read_in_seconds() throws IOException {
        var scratch = compose("x-a: \"" + "a".repeat(10_000_000) + "\"\nservices: {a: {image: i}}\n");
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThat(scratch.load().services()).containsKey("a"));
    }

    @Test
    void a_thousand_keys_nobody_knows_are_cut_short() throws IOException {
        var text = new StringBuilder("services:\n  a:\n    image: i\n");
        for (int i = 0; i < 1000; i++) {
            text.append("    k").append(i).append(": v\n");
        }
        assertThatThrownBy(compose(text.toString())::load).hasMessageContaining("more problems from here on");
    }

    @Test
    void mutated_files_are_read_or_diagnosed_and_nothing_else() throws IOException {
        long seed = 20261123;
        var random = new Random(seed);
        for (int round = 0; round < 1000; round++) {
            var text = mutated(SEED_FILE, random);
            var failure = catchThrowable(() -> compose(text).document().yaml());
            assertThat(failure == null || failure instanceof ComposeException)
                    .as("seed %d, round %d: %s in\n%s", seed, round, failure, text)
                    .isTrue();
        }
    }

    private static String mutated(String text, RandomGenerator random) {
        var mutated = new StringBuilder(text);
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            int at = random.nextInt(mutated.length());
            int end = Math.min(mutated.length(), at + random.nextInt(1, 20));
            switch (random.nextInt(4)) {
                case 0 -> mutated.delete(at, end);
                case 1 -> mutated.insert(at, mutated.substring(at, end));
                case 2 -> mutated.setCharAt(at, NOISE.charAt(random.nextInt(NOISE.length())));
                default -> mutated.insert(at, mutated.substring(random.nextInt(at + 1), at));
            }
        }
        return mutated.toString();
    }
}
