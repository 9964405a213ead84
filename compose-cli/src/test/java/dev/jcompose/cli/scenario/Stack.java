package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A project directory with a busybox image and its own jcompose state; closing it takes everything down and checks that nothing stays. */
final class Stack implements AutoCloseable {
    private final KernelState before;
    private final Path root;
    private final Path directory;
    private final Jcompose jcompose;

    private Stack(KernelState before, Path root, Path directory) {
        this.before = before;
        this.root = root;
        this.directory = directory;
        this.jcompose = new Jcompose(directory, root.resolve("home"));
    }

    /** Writes {@code compose.yaml}; {@code image: box} with {@code build: .} is a busybox. */
    static Stack of(String composeFile) throws IOException, InterruptedException {
        Machine.needsRootAnd("busybox", "nft");
        KernelState before = KernelState.now();
        Path root = Files.createTempDirectory("jc");
        Stack stack = new Stack(before, root, Files.createDirectories(root.resolve("shop")));
        Machine.busyboxContext(stack.directory);
        stack.write(composeFile);
        return stack;
    }

    /** The same for a project that lies somewhere else. */
    static Stack at(Path directory) throws IOException, InterruptedException {
        Machine.needsRootAnd("busybox", "nft");
        return new Stack(KernelState.now(), Files.createTempDirectory("jc"), directory);
    }

    Jcompose.Result run(String... arguments) throws IOException, InterruptedException {
        return jcompose.run(arguments);
    }

    Jcompose jcompose() {
        return jcompose;
    }

    /** Where the application keeps what survives a reboot. */
    Path state() {
        return root.resolve("home/state");
    }

    Path directory() {
        return directory;
    }

    KernelState before() {
        return before;
    }

    void write(String composeFile) throws IOException {
        Files.writeString(directory.resolve("compose.yaml"), composeFile);
    }

    /** A port that was free a moment ago. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    static String get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    /** Something that becomes true in its own time. */
    @FunctionalInterface
    interface Check {
        boolean holds() throws IOException, InterruptedException;
    }

    static void eventually(String what, Check check) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!check.holds()) {
            assertThat(System.nanoTime()).as("%s within 30 s", what).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            run("down", "-v", "-t", "1", "--remove-orphans");
            assertThat(KernelState.leftSince(before)).as("left behind").isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while taking the stack down", e);
        } finally {
            deleteTree(root);
        }
    }

    private static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
