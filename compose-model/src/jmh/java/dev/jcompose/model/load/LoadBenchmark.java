package dev.jcompose.model.load;

import dev.jcompose.model.Project;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The time a warm JVM takes to read, check and model one service of a file with many. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class LoadBenchmark {
    private static final String SERVICE = """
              s%1$d:
                image: registry.example/app:${TAG:-1}
                command: [serve, "--port", "80%1$d"]
                environment: {A: "1", B: "${USER:-nobody}", C: "x y"}
                ports: ["%2$d:80"]
                volumes: ["data:/data", "./conf:/etc/app:ro"]
                healthcheck: {test: [CMD, "true"], interval: 10s, retries: 3}
                labels: [a=b, c=d]
                deploy: {resources: {limits: {memory: 64M, cpus: "0.5"}}}
            """;

    private Path hundred = Path.of("");
    private Path thousand = Path.of("");

    @Setup
    public void write() throws IOException {
        hundred = project(100);
        thousand = project(1000);
    }

    @TearDown
    public void remove() throws IOException {
        for (var directory : List.of(hundred, thousand)) {
            Files.delete(directory.resolve("compose.yaml"));
            Files.delete(directory);
        }
    }

    private static Path project(int services) throws IOException {
        var text = new StringBuilder("services:\n");
        for (int i = 0; i < services; i++) {
            text.append(SERVICE.formatted(i, 10_000 + i));
        }
        var directory = Files.createTempDirectory("load");
        Files.writeString(directory.resolve("compose.yaml"), text.append("volumes: {data: }\n"));
        return directory;
    }

    @Benchmark
    @OperationsPerInvocation(100)
    public Project of100() {
        return load(hundred);
    }

    @Benchmark
    @OperationsPerInvocation(1000)
    public Project of1000() {
        return load(thousand);
    }

    private static Project load(Path directory) {
        return new ComposeProjectLoader()
                .load(new LoadRequest(
                        directory,
                        Map.of("TAG", "2"),
                        InputStream.nullInputStream(),
                        List.of(),
                        Optional.of("bench"),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        LoadOptions.ALL));
    }
}
