package dev.jcompose.runtime.linux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.layer.LayerExtractor;
import dev.jcompose.runtime.linux.layer.LayerLimits;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.testing.Archives;
import dev.jcompose.runtime.testing.Root;
import dev.jcompose.runtime.testing.Tar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages layers and archives again and again: they are taken or refused, and nothing else happens.
 * {@code -Djcompose.fuzz.seconds=60} goes on for longer than the first rounds, {@code -Djcompose.fuzz.seed=7} takes another
 * way; a failure names the seed.
 */
class ArchiveFuzzTest {
    private static final long SEED = Long.getLong("jcompose.fuzz.seed", 20261124);
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("jcompose.fuzz.seconds", 0));
    private static final int LAYERS = 1500;
    private static final int ARCHIVES = 400;
    private static final LayerLimits LIMITS = new LayerLimits(200, 4 << 20);

    private static final String[] NAMES = {
        "..",
        "../outside/x",
        "/etc/x",
        "a/../../x",
        ".wh..",
        ".wh..wh..opq",
        "l/x",
        "d",
        "d/f",
        "",
        ".",
        "a//b",
        "l",
        "x/y/z"
    };

    @TempDir
    Path directory = Path.of("");

    @BeforeEach
    void needRoot() {
        Root.required();
    }

    private static byte[] seedLayer(RandomGenerator random) {
        var tar = new Tar();
        for (int i = random.nextInt(1, 9); i > 0; i--) {
            var name = NAMES[random.nextInt(NAMES.length)];
            var other = NAMES[random.nextInt(NAMES.length)];
            switch (random.nextInt(8)) {
                case 0 -> tar.directory(name, 0755);
                case 1 -> tar.symlink(name, other);
                case 2 -> tar.hardLink(name, other);
                case 3 -> tar.device(name, random.nextInt(3), random.nextInt(3));
                case 4 -> tar.fifo(name);
                case 5 -> tar.file(name + "/" + "n".repeat(random.nextInt(1, 300)), "x");
                default ->
                    tar.file(name, "content".repeat(random.nextInt(200)), e -> {
                        e.addPaxHeader("SCHILY.xattr.user.note", other);
                        e.setUserId(random.nextInt(100));
                    });
            }
        }
        return tar.bytes();
    }

    private static byte[] mutated(byte[] original, RandomGenerator random) {
        var bytes = original.clone();
        for (int i = random.nextInt(0, 5); i > 0 && bytes.length > 512; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at + 1);
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 ->
                    bytes[random.nextInt(bytes.length / 512) * 512 + 124 + random.nextInt(12)] =
                            (byte) (random.nextBoolean() ? '7' : 0xff);
                case 3 ->
                    bytes[random.nextInt(bytes.length / 512) * 512 + 156] =
                            (byte) "0123456gxLKSV\0".charAt(random.nextInt(14));
                default -> moveBlock(bytes, random);
            }
            if (random.nextInt(4) > 0) {
                repairChecksums(bytes);
            }
        }
        return bytes;
    }

    private static void moveBlock(byte[] bytes, RandomGenerator random) {
        int blocks = bytes.length / 512;
        System.arraycopy(bytes, random.nextInt(blocks) * 512, bytes, random.nextInt(blocks) * 512, 512);
    }

    /** Else nearly every change would end at the checksum of its header. */
    private static void repairChecksums(byte[] tar) {
        for (int start = 0; start + 512 <= tar.length; start += 512) {
            if (tar[start + 257] == 'u' && tar[start + 258] == 's') {
                Arrays.fill(tar, start + 148, start + 156, (byte) ' ');
                int sum = 0;
                for (int i = start; i < start + 512; i++) {
                    sum += tar[i] & 0xff;
                }
                System.arraycopy(
                        "%06o\0 ".formatted(sum).getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                        0,
                        tar,
                        start + 148,
                        8);
            }
        }
    }

    @Test
    void damaged_layers_are_unpacked_or_refused_and_touch_nothing_outside() throws IOException {
        var random = new Random(SEED);
        var outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("victim"), "untouched");
        long end = System.nanoTime() + TIME.toNanos();
        for (int round = 0; round < LAYERS || System.nanoTime() < end; round++) {
            var tar = mutated(seedLayer(random), random);
            var root = Files.createDirectory(directory.resolve("root"));
            var failure = catchThrowable(() -> LayerExtractor.extract(
                    new ByteArrayInputStream(tar), root, new LayeredFiles(java.util.List.of()), LIMITS));
            assertThat(failure == null || failure instanceof BackendException || failure instanceof IOException)
                    .as("seed %d, round %d: %s", SEED, round, failure)
                    .isTrue();
            StoreFiles.deleteTree(root);
            try (var files = Files.walk(directory)) {
                assertThat(files).as("seed %d, round %d", SEED, round).hasSize(3);
            }
            assertThat(outside.resolve("victim")).hasContent("untouched");
        }
    }

    @Test
    void damaged_archives_are_taken_or_refused_and_leave_nothing_unfinished() throws IOException {
        var random = new Random(SEED);
        var layer = new Tar().directory("d", 0755).file("d/f", "x").bytes();
        var config = Archives.config("\"Env\":[\"A=1\"]", layer);
        var archive = Archives.docker(config, new String[] {"a:1"}, layer);
        var store = new ImageStore(directory.resolve("store"), LIMITS);
        long end = System.nanoTime() + TIME.toNanos();
        for (int round = 0; round < ARCHIVES || System.nanoTime() < end; round++) {
            var damaged = mutated(archive, random);
            var file = Files.write(directory.resolve("a.tar"), random.nextInt(4) == 0 ? Tar.gzip(damaged) : damaged);
            var failure = catchThrowable(() -> new ArchiveLoader(store).load(file));
            assertThat(failure == null || failure instanceof BackendException)
                    .as("seed %d, round %d: %s", SEED, round, failure)
                    .isTrue();
            assertThat(store.list())
                    .as("seed %d, round %d", SEED, round)
                    .allSatisfy(image -> assertThat(new LayeredFiles(image.layers()).readText("d/f"))
                            .contains("x"));
        }
        try (var files = Files.walk(directory.resolve("store"))) {
            assertThat(files.filter(f -> f.getFileName().toString().startsWith(".ing")))
                    .isEmpty();
        }
    }
}
