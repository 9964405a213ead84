package dev.jcompose.model.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.jcompose.model.problem.ComposeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages a file again and again: it is read or diagnosed, and nothing else. {@code -Djcompose.fuzz.seconds=60} goes on for longer
 * than the first thousand rounds, {@code -Djcompose.fuzz.seed=7} takes another way; a failure names the seed.
 */
final class MutationTest {
    private static final long SEED = Long.getLong("jcompose.fuzz.seed", 20261123);
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("jcompose.fuzz.seconds", 0));
    private static final int ROUNDS = 1000;

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

    @Test
    void mutated_files_are_read_or_diagnosed_and_nothing_else() throws IOException {
        var random = new Random(SEED);
        long end = System.nanoTime() + TIME.toNanos();
        for (int round = 0; round < ROUNDS || System.nanoTime() < end; round++) {
            var text = mutated(SEED_FILE, random);
            var scratch = new Scratch(directory).file("compose.yaml", text).variable("B", "b");
            var failure = catchThrowable(() -> scratch.document().yaml());
            assertThat(failure == null || failure instanceof ComposeException)
                    .as("seed %d, round %d: %s in\n%s", SEED, round, failure, text)
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
