package dev.jcompose.model.conformance;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the loader with what Docker Compose makes of the same projects, case by case. */
final class ConformanceTest {
    @TempDir
    Path scratch = Path.of("");

    @Test
    void the_loader_makes_of_every_project_what_docker_compose_makes_of_it() throws IOException {
        report("runs", new ConformanceData(data(), scratch).cases());
    }

    @Test
    void every_small_grammar_reads_as_docker_compose_reads_it() throws IOException {
        report("vectors", new ConformanceData(data(), scratch).vectors());
    }

    private static Path data() {
        var root = Path.of("").toAbsolutePath().getParent();
        var usual = root == null ? Path.of("..") : root.resolve("../shared/conformance");
        var data = Path.of(System.getProperty("conformance", usual.toString())).normalize();
        assumeTrue(Files.isDirectory(data), "no conformance data in " + data + " (name another with -Dconformance)");
        return data;
    }

    private static void report(String what, List<ConformanceData.Result> results) throws IOException {
        var exceptions = exceptions();
        var wrong = results.stream()
                .filter(result -> !result.disagreement().isEmpty())
                .toList();
        int agreeing = results.size() - wrong.size();
        System.err.println(agreeing + " of " + results.size() + " " + what);
        assertThat(wrong.stream()
                        .filter(result -> !exceptions.contains(result.name()))
                        .map(result -> result.name() + ": " + result.disagreement()))
                .isEmpty();
    }

    /** What we mean to do differently. */
    private static Set<String> exceptions() throws IOException {
        try (var in = Objects.requireNonNull(
                ConformanceTest.class.getResourceAsStream("/conformance-exceptions.txt"),
                "conformance-exceptions.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.substring(0, line.indexOf(": ")))
                    .collect(toSet());
        }
    }
}
