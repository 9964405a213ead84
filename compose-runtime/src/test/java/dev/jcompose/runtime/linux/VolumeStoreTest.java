package dev.jcompose.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.runtime.testing.ServiceFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeStoreTest {
    @TempDir
    Path directory;

    private VolumeStore store = new VolumeStore(Path.of("/"));

    @BeforeEach
    void makeVolume() {
        store = new VolumeStore(directory);
        store.create("shop", ServiceFixture.volume("shop_data"));
    }

    @Test
    void filling_keeps_the_directory_that_containers_may_have_bound() throws IOException {
        var before = Files.getAttribute(store.data("shop_data"), "unix:ino");
        store.fill("shop_data", place -> {
            write(place.resolve("from-image"), "1");
            permissions(place);
        });
        var data = store.data("shop_data");
        assertThat(data.resolve("from-image")).hasContent("1");
        assertThat(Files.getAttribute(data, "unix:ino")).isEqualTo(before);
        assertThat(Files.getPosixFilePermissions(data)).isEqualTo(PosixFilePermissions.fromString("rwxrwx---"));
    }

    @Test
    void a_volume_is_filled_once_even_when_it_is_empty_again() throws IOException {
        store.fill("shop_data", place -> write(place.resolve("first"), "1"));
        Files.delete(store.data("shop_data").resolve("first"));
        store.fill("shop_data", place -> write(place.resolve("second"), "2"));
        assertThat(store.data("shop_data")).isEmptyDirectory();
    }

    @Test
    void a_volume_with_data_is_not_filled() {
        write(store.data("shop_data").resolve("mine"), "kept");
        store.fill("shop_data", place -> write(place.resolve("mine"), "lost"));
        assertThat(store.data("shop_data").resolve("mine")).hasContent("kept");
    }

    @Test
    void what_a_command_that_was_cut_off_had_prepared_is_completed() throws IOException {
        var home = directory.resolve("shop_data");
        write(Files.createDirectory(home.resolve("_prepared")).resolve("rest"), "2");
        write(store.data("shop_data").resolve("moved"), "1");
        store.fill("shop_data", place -> write(place.resolve("other"), "3"));
        assertThat(store.data("shop_data"))
                .isDirectoryContaining("glob:**/rest")
                .isDirectoryContaining("glob:**/moved");
        assertThat(store.data("shop_data").resolve("other")).doesNotExist();
        assertThat(home.resolve("_prepared")).doesNotExist();
    }

    private static void permissions(Path place) {
        try {
            Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwx---"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
