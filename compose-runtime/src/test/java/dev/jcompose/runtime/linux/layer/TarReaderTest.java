package dev.jcompose.runtime.linux.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.runtime.testing.Root;
import dev.jcompose.runtime.testing.Tar;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tars as GNU tar, pax and others write them. */
class TarReaderTest {
    private static final long NINE_GIB = 9L << 30;

    @TempDir
    Path directory = Path.of("");

    private static TarHeader first(byte[] tar) throws IOException {
        return new TarReader(new ByteArrayInputStream(tar)).next().orElseThrow();
    }

    /** One header of the plain form; numbers are written as they come. */
    private static byte[] header(String name, char type, String size) {
        var block = new byte[512];
        put(block, 0, name);
        put(block, 100, "0000644\0");
        put(block, 108, "0000000\0");
        put(block, 116, "0000000\0");
        put(block, 124, size);
        put(block, 136, "00000000000\0");
        block[156] = (byte) type;
        put(block, 257, "ustar\00000");
        return withChecksum(block);
    }

    private static byte[] withChecksum(byte[] block) {
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, "%06o\0 ".formatted(sum));
        return block;
    }

    private static void put(byte[] block, int at, String text) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    private static byte[] with(byte[] header, byte[]... more) {
        var all = new ByteArrayOutputStream();
        all.writeBytes(header);
        for (var part : more) {
            all.writeBytes(Arrays.copyOf(part, (part.length + 511) / 512 * 512));
        }
        all.writeBytes(new byte[1024]);
        return all.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--format=gnu", "--sparse-version=0.0", "--sparse-version=0.1", "--sparse-version=1.0"})
    void sparse_files_of_every_form_keep_their_holes(String form) throws Exception {
        Root.required();
        var source = Files.createDirectory(directory.resolve("source"));
        try (var file = new RandomAccessFile(source.resolve("sparse").toFile(), "rw")) {
            for (int i = 0; i < 40; i++) { // more parts than fit into one header
                file.seek(i * (256L << 20));
                file.write(("part " + i).getBytes(StandardCharsets.UTF_8));
            }
            file.setLength(NINE_GIB + (3L << 30));
        }
        Files.writeString(source.resolve("after"), "after");
        var tar = directory.resolve("x.tar");
        var format = form.startsWith("--sparse") ? List.of("--format=posix", form) : List.of(form);
        var command =
                new java.util.ArrayList<>(List.of("tar", "-C", source.toString(), "--sparse", "-cf", tar.toString()));
        command.addAll(format);
        command.addAll(List.of("sparse", "after"));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();

        var target = Files.createDirectory(directory.resolve("target"));
        try (var in = new BufferedInputStream(Files.newInputStream(tar))) {
            LayerExtractor.extract(in, target, new LayeredFiles(List.of()), LayerLimits.DEFAULT);
        }

        assertThat(target.resolve("after")).hasContent("after");
        assertThat(Files.size(target.resolve("sparse"))).isEqualTo(NINE_GIB + (3L << 30));
        try (var file = new RandomAccessFile(target.resolve("sparse").toFile(), "r")) {
            var text = new byte[7];
            file.seek(39 * (256L << 20));
            file.readFully(text);
            assertThat(text).asString().isEqualTo("part 39");
        }
        assertThat(blocks(target.resolve("sparse"))).as("KiB on disk").isLessThan(1024);
    }

    private static long blocks(Path file) throws Exception {
        var du = new ProcessBuilder("du", "-k", file.toString()).start();
        var line = du.inputReader().readLine();
        du.waitFor();
        return Long.parseLong(line.split("\t", 2)[0]);
    }

    @Test
    void sizes_beyond_8_gib_are_read_in_both_forms() throws IOException {
        var binary = header("big", '0', "\u0080\0\0\0\0\0\0\u0002@\0\0\0");
        assertThat(first(binary).size()).isEqualTo(NINE_GIB);

        var records = "19 size=" + NINE_GIB + "\n";
        var pax =
                with(header("x", 'x', "%011o\0".formatted(records.length())), records.getBytes(StandardCharsets.UTF_8));
        var both = Arrays.copyOf(pax, 1024 + 512);
        System.arraycopy(header("big", '0', "00000000000\0"), 0, both, 1024, 512);
        assertThat(first(both).size()).isEqualTo(NINE_GIB);
        assertThatThrownBy(() -> {
                    var tar = new TarReader(new ByteArrayInputStream(both));
                    tar.next();
                    tar.next();
                })
                .hasMessageContaining("ends too early");
    }

    @Test
    void long_names_of_every_form_are_read() throws IOException {
        var deep = "directory/".repeat(30) + "n".repeat(200);
        assertThat(first(new Tar().file(deep, "x").bytes()).name()).isEqualTo(deep);

        var name = (deep + "\0").getBytes(StandardCharsets.UTF_8);
        var gnu = with(header("././@LongLink", 'L', "%011o\0".formatted(name.length)), name);
        var both = Arrays.copyOf(gnu, gnu.length - 512);
        System.arraycopy(header("short", '0', "00000000000\0"), 0, both, both.length - 512, 512);
        assertThat(first(both).name()).isEqualTo(deep);

        var prefixed = header("name", '0', "00000000000\0");
        put(prefixed, 345, "a/prefix");
        assertThat(first(withChecksum(prefixed)).name()).isEqualTo("a/prefix/name");
    }

    @Test
    void attributes_are_bytes_and_times_have_fractions() throws IOException {
        var record = new ByteArrayOutputStream();
        record.writeBytes("36 SCHILY.xattr.security.capability=".getBytes(StandardCharsets.UTF_8));
        record.writeBytes(new byte[] {1, 0, 0, 2, (byte) 0x80, (byte) 0xff, 0, '\n'});
        var bytes = record.toByteArray();
        put(bytes, 0, String.valueOf(bytes.length));
        var time = "27 mtime=1000000000.250000\n".getBytes(StandardCharsets.UTF_8);
        var all = new ByteArrayOutputStream();
        all.writeBytes(bytes);
        all.writeBytes(time);
        var pax = with(header("x", 'x', "%011o\0".formatted(all.size())), all.toByteArray());
        var both = Arrays.copyOf(pax, 1536);
        System.arraycopy(header("f", '0', "00000000000\0"), 0, both, 1024, 512);

        var found = first(both);

        assertThat(found.attributes().get("security.capability")).containsExactly(1, 0, 0, 2, 0x80, 0xff, 0);
        assertThat(found.modified().toInstant()).isEqualTo(Instant.ofEpochSecond(1_000_000_000, 250_000_000));
    }

    @Test
    void impossible_tars_are_refused_in_little_memory() {
        assertRefused(header("x", 'x', "77777777777\0"), "a header of 8589934591 bytes");
        assertRefused(header("x", 'L', "77777777777\0"), "a header of 8589934591 bytes");
        assertRefused(
                header("f", '0', "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"),
                "a file of -1 bytes");
        assertRefused(
                header("f", '0', "\u0080\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"),
                "a number that is too large");
        assertRefused(header("f", '0', "zzz"), "a damaged number");
        assertRefused("nonsense".repeat(64).getBytes(StandardCharsets.UTF_8), "damaged");
        assertRefused(
                with(header("x", 'x', "00000000020\0"), "99 path=x\n".getBytes(StandardCharsets.UTF_8)),
                "damaged pax header");
        assertRefused(
                with(
                        header("x", 'x', "00000000013\0"),
                        "11 size=abc\n".getBytes(StandardCharsets.UTF_8),
                        header("f", '0', "0")),
                "pax header");
        var overlapping = header("f", 'S', "00000000004\0");
        put(overlapping, 386, "00000000000\00000000000003\0"); // one byte short of the size
        assertRefused(withChecksum(overlapping), "sparse file");
    }

    private static void assertRefused(byte[] tar, String message) {
        assertThatThrownBy(() -> {
                    var reader = new TarReader(new ByteArrayInputStream(tar));
                    while (reader.next().isPresent()) {}
                })
                .isInstanceOf(LayerException.class)
                .hasMessageContaining(message);
    }
}
