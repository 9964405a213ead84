package dev.jcompose.runtime.linux.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.testing.Root;
import dev.jcompose.runtime.testing.Tar;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayeredFilesTest {
    @TempDir
    Path temporary;

    private final List<Path> layers = new ArrayList<>();

    @BeforeEach
    void needRoot() {
        Root.required();
    }

    /** Puts a layer on top of those so far, as the store does. */
    private void layer(Tar tar) throws IOException {
        var diff = Files.createDirectories(temporary.resolve("layer" + layers.size() + "/diff"));
        var extracted = LayerExtractor.extract(
                new ByteArrayInputStream(tar.bytes()), diff, new LayeredFiles(layers), LayerLimits.DEFAULT);
        if (!extracted.opaque().isEmpty()) {
            Files.write(diff.resolveSibling(LayeredFiles.OPAQUE_LIST), extracted.opaque());
        }
        layers.add(diff);
    }

    private LayeredFiles files() {
        return new LayeredFiles(layers);
    }

    @Test
    void upper_files_hide_lower_ones_and_the_rest_shows_through() throws IOException {
        layer(new Tar()
                .file("etc/passwd", "lower")
                .file("etc/group", "lower")
                .file("gone/x", "x")
                .file("f", "file"));
        layer(new Tar().file("etc/passwd", "upper").file(".wh.gone", "").file("f/now-a-directory", "x"));

        assertThat(files().readText("/etc/passwd")).contains("upper");
        assertThat(files().readText("etc/group")).contains("lower");
        assertThat(files().find("gone")).isEmpty();
        assertThat(files().find("gone/x")).isEmpty();
        assertThat(files().find("f/now-a-directory")).isPresent();
        assertThat(files().readText("etc")).isEmpty();
        assertThat(files().children(files().find("etc").orElseThrow()))
                .extracting(LayeredFiles.Found::path)
                .containsExactly("etc/group", "etc/passwd");
    }

    @Test
    void an_opaque_directory_shows_only_its_own() throws IOException {
        layer(new Tar().file("d/old", "x").file("d/sub/old", "x").file("e/old", "x"));
        layer(new Tar()
                .file("d/.wh..wh..opq", "")
                .file("d/new", "x")
                .file(".wh.e", "")
                .file("e/new", "x"));

        assertThat(files().children(files().find("d").orElseThrow()))
                .extracting(LayeredFiles.Found::path)
                .containsExactly("d/new");
        assertThat(files().find("d/sub/old")).isEmpty();
        assertThat(files().find("e/old")).isEmpty();
        assertThat(files().find("e/new")).isPresent();
    }

    @Test
    void links_stay_inside_the_root() throws IOException {
        layer(new Tar()
                .symlink("bin", "usr/bin")
                .file("usr/bin/sh", "shell")
                .symlink("abs", "/usr/bin/sh")
                .symlink("up", "../../../../usr/bin/sh")
                .symlink("passwd", "/etc/passwd")
                .symlink("loop", "loop")
                .symlink("usr/self", "."));
        layer(new Tar().file("usr/bin/ls", "list"));

        assertThat(files().readText("bin/sh")).contains("shell");
        assertThat(files().readText("abs")).contains("shell");
        assertThat(files().readText("up")).contains("shell");
        assertThat(files().readText("usr/self/self/bin/ls")).contains("list");
        assertThat(files().readText("bin/../../usr/bin/ls")).contains("list");
        assertThat(files().readText("passwd")).isEmpty();
        assertThat(files().findLink("bin").orElseThrow().stat().isSymbolicLink())
                .isTrue();
        assertThat(files().realPath("/bin/new/file")).isEqualTo("usr/bin/new/file");
        assertThat(files().realPath("bin/new/../x")).isEqualTo("usr/bin/x");
        assertThat(files().realPath("/a/./b/")).isEqualTo("a/b");
        assertThat(files().realPath("/")).isEmpty();
        assertThatThrownBy(() -> files().find("loop/x"))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("too many levels of symbolic links");
    }

    @Test
    void a_directory_is_copied_as_the_stack_shows_it() throws IOException {
        layer(new Tar()
                .directory("data", 02750)
                .file("data/keep", "1", e -> e.setIds(5, 6))
                .file("data/gone", "2")
                .file("data/a", "same")
                .hardLink("data/b", "data/a")
                .symlink("data/link", "keep"));
        layer(new Tar().file("data/.wh.gone", "").file("data/sub/new", "3").symlink("alias", "data"));
        var target = Files.createDirectory(temporary.resolve("volume"));

        files().copyTree("/alias", target);

        try (var names = Files.list(target)) {
            assertThat(names.map(p -> String.valueOf(p.getFileName())))
                    .containsExactlyInAnyOrder("keep", "a", "b", "link", "sub");
        }
        var keep = FileStat.of(target.resolve("keep")).orElseThrow();
        assertThat(keep.uid()).isEqualTo(5);
        assertThat(keep.gid()).isEqualTo(6);
        assertThat(FileStat.of(target).orElseThrow().permissions()).isEqualTo(02750);
        assertThat(FileStat.of(target.resolve("a"))).isEqualTo(FileStat.of(target.resolve("b")));
        assertThat(Files.readSymbolicLink(target.resolve("link"))).hasToString("keep");
    }

    @Test
    void emptiness_is_that_of_the_stack() throws IOException {
        layer(new Tar().file("d/x", "1").directory("empty", 0755));
        layer(new Tar().file("d/.wh.x", ""));

        assertThat(files().isNonEmptyDirectory("d")).isFalse();
        assertThat(files().isNonEmptyDirectory("empty")).isFalse();
        assertThat(files().isNonEmptyDirectory("missing")).isFalse();
        assertThat(files().isNonEmptyDirectory("/")).isTrue();
    }

    @Test
    void changes_of_an_upper_directory_become_a_layer_again() throws IOException {
        layer(new Tar()
                .file("d/.wh.x", "")
                .file("o/.wh..wh..opq", "")
                .file("f", "text")
                .symlink("l", "f")
                .fifo("p"));
        var out = new ByteArrayOutputStream();
        LayerWriter.write(UpperDirectory.entries(layers.getFirst()), out);
        var again = Files.createDirectories(temporary.resolve("again/diff"));

        var extracted = LayerExtractor.extract(
                new ByteArrayInputStream(out.toByteArray()), again, new LayeredFiles(List.of()), LayerLimits.DEFAULT);

        assertThat(UpperDirectory.entries(again).keySet())
                .isEqualTo(UpperDirectory.entries(layers.getFirst()).keySet())
                .containsExactly("d", "d/.wh.x", "f", "l", "o", "o/.wh..wh..opq", "p");
        assertThat(extracted.opaque()).containsExactly("o");
    }

    @Test
    void the_same_files_give_the_same_bytes() throws IOException {
        layer(new Tar().file("b", "2").file("a", "1").file("ü/" + "long".repeat(40) + "/" + "n".repeat(100), "3"));
        var first = new ByteArrayOutputStream();
        var second = new ByteArrayOutputStream();

        LayerWriter.write(UpperDirectory.entries(layers.getFirst()), first);
        LayerWriter.write(new TreeMap<>(UpperDirectory.entries(layers.getFirst())), second);

        assertThat(first.toByteArray()).isEqualTo(second.toByteArray());
    }
}
