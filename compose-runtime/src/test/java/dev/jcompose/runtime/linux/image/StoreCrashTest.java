package dev.jcompose.runtime.linux.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.NotFoundException;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.testing.Archives;
import dev.jcompose.runtime.testing.Root;
import dev.jcompose.runtime.testing.Tar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several processes load, import, tag, remove and prune in one store and are killed at any moment. Whatever the store
 * then shows is whole, everything can be loaded again, and what was cut off goes.
 */
class StoreCrashTest {
    private static final long SEED = Long.getLong("jcompose.crash.seed", 20261124);
    private static final int ROUNDS = Integer.getInteger("jcompose.crash.rounds", 5);
    private static final int PROCESSES = 2;
    private static final int IMAGES = 3;
    private static final int FILES = 60;

    @TempDir
    Path directory = Path.of("");

    @BeforeEach
    void needRoot() {
        Root.required();
    }

    private static byte[] layer(String text) {
        var tar = new Tar();
        for (int i = 0; i < FILES; i++) {
            tar.file("dir" + i % 7 + "/" + text + i, (text + i).repeat(50));
        }
        return tar.bytes();
    }

    private static Path archive(Path directory, int number) {
        return directory.resolve("image" + number + ".tar");
    }

    private void writeArchives() throws IOException {
        var base = layer("base");
        Files.write(directory.resolve("root.tar"), Tar.gzip(layer("root")));
        for (int i = 0; i < IMAGES; i++) {
            var own = layer("own" + i + "-");
            var top = layer("top" + i + "-");
            var config = Archives.config("\"User\":\"" + i + "\"", base, own, top);
            Files.write(
                    archive(directory, i),
                    Archives.docker(config, new String[] {"image" + i}, Tar.gzip(base), own, top));
        }
    }

    @Test
    void killed_at_any_moment_a_store_stays_usable() throws IOException, InterruptedException {
        writeArchives();
        var random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            var workers = new ArrayList<Process>();
            try {
                for (int i = 0; i < PROCESSES; i++) {
                    workers.add(start(random.nextLong()));
                }
                for (var worker : workers) {
                    assertThat(worker.inputReader().readLine()).isEqualTo("started");
                }
                for (var worker : workers) {
                    LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(400)));
                    assertThat(worker.isAlive())
                            .as("seed %d, round %d: works until it is killed", SEED, round)
                            .isTrue();
                    worker.destroyForcibly().waitFor();
                }
            } finally {
                workers.forEach(Process::destroyForcibly);
            }
            check("seed %d, round %d".formatted(SEED, round));
        }
        finish();
    }

    private Process start(long seed) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreCrashTest.class.getName(),
                        directory.toString(),
                        Long.toString(seed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** What a worker does until it is killed. */
    public static void main(String[] arguments) {
        var directory = Path.of(arguments[0]);
        var random = new Random(Long.parseLong(arguments[1]));
        var store = new ImageStore(directory.resolve("store"));
        System.out.println("started");
        System.out.flush();
        while (true) {
            try {
                work(store, directory, random);
            } catch (NotFoundException | ConflictException e) {
                assertThat(e)
                        .as("another worker was faster")
                        .hasMessageMatching("(?s).*(no such image|several names).*");
            }
        }
    }

    private static void work(ImageStore store, Path directory, Random random) {
        int number = random.nextInt(IMAGES);
        switch (random.nextInt(6)) {
            case 0 ->
                new ArchiveLoader(store).importRootfs(directory.resolve("root.tar"), ImageReference.parse("root"));
            case 1 -> store.tag("image" + number, ImageReference.parse("other" + number));
            case 2 -> store.remove("image" + number, true, layer -> false);
            case 3 -> store.prune(random.nextBoolean(), layer -> false);
            default -> new ArchiveLoader(store).load(archive(directory, number));
        }
    }

    private void check(String round) throws IOException {
        var store = new ImageStore(directory.resolve("store"));
        for (var image : store.list()) {
            var files = new LayeredFiles(image.layers());
            var names = image.config().user().isEmpty()
                    ? List.of("root")
                    : List.of(
                            "base",
                            "own" + image.config().user() + "-",
                            "top" + image.config().user() + "-");
            for (var name : names) {
                for (int i = 0; i < FILES; i++) {
                    assertThat(files.readText("dir" + i % 7 + "/" + name + i))
                            .as(round)
                            .contains((name + i).repeat(50));
                }
            }
        }
        for (var blob : StoreFiles.list(directory.resolve("store/blobs/sha256"))) {
            if (!StoreFiles.isUnfinished(blob)) {
                assertThat(Digest.of(Files.readAllBytes(blob)).hex())
                        .as(round)
                        .isEqualTo(blob.getFileName().toString());
            }
        }
        for (int i = 0; i < IMAGES; i++) {
            assertThat(new ArchiveLoader(store).load(archive(directory, i)))
                    .as(round)
                    .containsExactly("image" + i + ":latest");
            assertThat(store.find("image" + i)).as(round).isPresent();
        }
    }

    /** Nothing stays of what was cut off. */
    private void finish() throws IOException {
        var store = new ImageStore(directory.resolve("store"));
        store.prune(true, layer -> false);
        assertThat(store.list()).isEmpty();
        for (var place : List.of("layers", "blobs/sha256", "images", "steps", "named")) {
            assertThat(StoreFiles.list(directory.resolve("store").resolve(place)))
                    .as(place)
                    .isEmpty();
        }
        assertThat(StoreFiles.list(directory.resolve("store"))).noneMatch(StoreFiles::isUnfinished);
    }
}
