package dev.jcompose.runtime.linux.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.runtime.testing.Root;
import dev.jcompose.runtime.testing.Tar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LayerExtractorTest {
    @TempDir
    Path temporary;

    private Path root = Path.of("/");

    @BeforeEach
    void makeRoot() throws IOException {
        Root.required();
        root = Files.createDirectory(temporary.resolve("root"));
        Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(temporary.resolve("outside/victim"), "untouched");
    }

    private LayerExtractor.Extracted extract(Tar tar, Path... below) throws IOException {
        var in = new ByteArrayInputStream(tar.bytes());
        return LayerExtractor.extract(in, root, new LayeredFiles(List.of(below)), new LayerLimits(100, 1 << 20));
    }

    private FileStat stat(String path) throws IOException {
        return FileStat.of(root.resolve(path)).orElseThrow();
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                tar("parent directories", t -> t.file("../outside/new", "x"), "\"..\" in its name"),
                tar("parent directories inside", t -> t.file("a/../../outside/new", "x"), "\"..\" in its name"),
                tar("an absolute name", t -> t.file("/outside/new", "x"), "an absolute name"),
                tar("a link as parent", t -> t.symlink("l", "../outside").file("l/new", "x"), "which is no directory"),
                tar(
                        "a link as grandparent",
                        t -> t.symlink("l", "../outside").file("l/a/b", "x"),
                        "which is no directory"),
                tar(
                        "a directory through a link",
                        t -> t.symlink("l", "..").directory("l/outside/d", 0755),
                        "which is no directory"),
                tar("a file as parent", t -> t.file("f", "x").file("f/g", "x"), "which is no directory"),
                tar("a hard link outside", t -> t.hardLink("h", "../outside/victim"), "\"..\" in its name"),
                tar("an absolute hard link", t -> t.hardLink("h", "/etc/passwd"), "an absolute name"),
                tar(
                        "a hard link through a link",
                        t -> t.symlink("l", "../outside").hardLink("h", "l/victim"),
                        "which is no directory"),
                tar("a hard link to nothing", t -> t.hardLink("h", "missing"), "no file of this layer"),
                tar("a hard link to a directory", t -> t.directory("d", 0755).hardLink("h", "d"), "no file of this"),
                tar("a hard link to a device", t -> t.device("d", 1, 3).hardLink("h", "d"), "no file of this layer"),
                tar("a device that is a whiteout", t -> t.device("d", 0, 0), "impossible device 0:0"),
                tar("a whiteout of ..", t -> t.file(".wh...", ""), "\"..\" in its name"),
                tar("a whiteout of nothing", t -> t.file("a/.wh.", ""), "deletes nothing"),
                tar("a whiteout of a directory's parent", t -> t.file(".wh..", ""), "deletes nothing"),
                tar("a long name", t -> t.file("n".repeat(300), "x"), "a name longer than"),
                tar("too many bytes", t -> t.file("big", "x".repeat(2 << 20)), "more than 1048576 bytes"),
                tar(
                        "an impossible owner",
                        t -> t.file("f", "x", e -> e.setUserId(1L << 40)),
                        "the impossible owner 1099511627776"));
    }

    private static Arguments tar(String name, UnaryOperator<Tar> content, String message) {
        return Arguments.of(name, content, message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void a_hostile_archive_is_refused_and_touches_nothing_outside(
            String name, UnaryOperator<Tar> content, String message) throws IOException {
        assertThatThrownBy(() -> extract(content.apply(new Tar())))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining(message);
        try (var outside = Files.list(temporary.resolve("outside"))) {
            assertThat(outside).containsExactly(temporary.resolve("outside/victim"));
        }
        assertThat(temporary.resolve("outside/victim")).hasContent("untouched");
        assertThat(stat("../outside/victim").links()).isEqualTo(1);
    }

    @Test
    void too_many_entries_are_refused() {
        var tar = new Tar();
        for (int i = 0; i < 101; i++) {
            tar.file("f" + i, "");
        }
        assertThatThrownBy(() -> extract(tar)).hasMessageContaining("more than 100 entries");
    }

    @Test
    void modes_owners_times_and_kinds_arrive() throws IOException {
        extract(new Tar()
                .directory("tmp", 01777)
                .file("bin/su", "x", e -> {
                    e.setMode(04755);
                    e.setIds(1234, 70000);
                })
                .symlink("bin/link", "/etc/../su")
                .hardLink("bin/su2", "bin/su")
                .device("dev/null", 1, 3)
                .fifo("pipe"));

        assertThat(stat("tmp").permissions()).isEqualTo(01777);
        assertThat(stat("bin/su").permissions()).isEqualTo(04755);
        assertThat(stat("bin/su").uid()).isEqualTo(1234);
        assertThat(stat("bin/su").gid()).isEqualTo(70000);
        assertThat(stat("bin/su").modified().toInstant()).isEqualTo(Instant.parse("2001-02-03T04:05:06Z"));
        assertThat(stat("bin/su").inode()).isEqualTo(stat("bin/su2").inode());
        assertThat(Files.readSymbolicLink(root.resolve("bin/link"))).hasToString("/etc/../su");
        assertThat(stat("bin/link").modified().toInstant()).isEqualTo(Instant.parse("2001-02-03T04:05:06Z"));
        assertThat(stat("dev/null").isCharacterDevice()).isTrue();
        assertThat(stat("dev/null").device()).isEqualTo(0x103);
        assertThat(stat("pipe").isFifo()).isTrue();
        assertThat(stat("tmp").modified().toInstant()).isEqualTo(Instant.parse("2001-02-03T04:05:06Z"));
    }

    @Test
    void deletions_become_marks_of_the_kernels_form() throws IOException {
        var extracted = extract(new Tar()
                .file("a/.wh.gone", "")
                .file("b/.wh..wh..opq", "")
                .file("c/.wh.swapped", "")
                .directory("c/swapped", 0755)
                .file(".wh..wh.plnk", ""));

        assertThat(stat("a/gone").isWhiteout()).isTrue();
        assertThat(stat("c/swapped").isDirectory()).isTrue();
        assertThat(extracted.opaque()).containsExactlyInAnyOrder("b", "c/swapped");
        assertThat(Files.exists(root.resolve(".wh..wh.plnk"))).isFalse();
        try (var sys = new Syscalls()) {
            assertThat(sys.hasXattr(root.resolve("b").toString(), "trusted.overlay.opaque"))
                    .isTrue();
            assertThat(sys.hasXattr(root.resolve("a").toString(), "trusted.overlay.opaque"))
                    .isFalse();
        }
    }

    @Test
    void a_deletion_does_not_hide_what_the_same_layer_has() throws IOException {
        extract(new Tar().file("f", "new").file(".wh.f", "").file(".wh.g", "").file("g", "later"));

        assertThat(root.resolve("f")).hasContent("new");
        assertThat(root.resolve("g")).hasContent("later");
    }

    @Test
    void a_later_entry_replaces_an_earlier_one_even_a_directory() throws IOException {
        extract(new Tar()
                .file("d/x/y", "old")
                .file("d/z", "old")
                .symlink("d", "outside")
                .file("f", "one")
                .file("f", "two")
                .symlink("s", "../outside")
                .directory("s", 0755)
                .file("s/inside", "x"));

        assertThat(Files.isSymbolicLink(root.resolve("d"))).isTrue();
        assertThat(root.resolve("f")).hasContent("two");
        assertThat(root.resolve("s/inside")).exists();
        assertThat(Files.isDirectory(root.resolve("s"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @Test
    void attributes_are_kept_but_not_those_of_overlays() throws IOException {
        extract(new Tar().file("f", "x", e -> {
            e.addPaxHeader("SCHILY.xattr.user.note", "kept");
            e.addPaxHeader("SCHILY.xattr.trusted.overlay.redirect", "/etc");
            e.addPaxHeader("SCHILY.xattr.user.overlay.opaque", "y");
        }));

        try (var sys = new Syscalls()) {
            var file = root.resolve("f").toString();
            assertThat(sys.hasXattr(file, "user.note")).isTrue();
            assertThat(sys.hasXattr(file, "trusted.overlay.redirect")).isFalse();
            assertThat(sys.hasXattr(file, "user.overlay.opaque")).isFalse();
        }
    }

    @Test
    void a_directory_the_archive_does_not_list_looks_as_below() throws IOException {
        var below = Files.createDirectories(temporary.resolve("below/diff"));
        Files.createDirectory(below.resolve("tmp"));
        Files.setAttribute(below.resolve("tmp"), "unix:mode", 01777);

        extract(new Tar().file("tmp/file", "x").file("new/file", "x"), below);

        assertThat(stat("tmp").permissions()).isEqualTo(01777);
        assertThat(stat("new").permissions()).isEqualTo(0755);
    }

    @Test
    void blocks_of_zeros_take_no_space() throws IOException {
        var content = new byte[500_000];
        content[499_999] = 1;
        extract(new Tar().file("sparse", content, e -> {}).file("zeros", new byte[200_000], e -> {}));

        assertThat(Files.readAllBytes(root.resolve("sparse"))).isEqualTo(content);
        assertThat(Files.size(root.resolve("zeros"))).isEqualTo(200_000);
    }

    @Test
    void a_truncated_archive_is_an_error() {
        var bytes = new Tar().file("f", "x".repeat(5000)).bytes();
        var cut = new ByteArrayInputStream(bytes, 0, 2000);

        assertThatThrownBy(() -> LayerExtractor.extract(cut, root, new LayeredFiles(List.of()), LayerLimits.DEFAULT))
                .isInstanceOfAny(IOException.class, LayerException.class);
    }
}
