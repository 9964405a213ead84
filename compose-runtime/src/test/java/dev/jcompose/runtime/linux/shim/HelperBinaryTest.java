package dev.jcompose.runtime.linux.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.runtime.BackendUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelperBinaryTest {
    @TempDir
    Path directory;

    @Test
    void it_is_unpacked_once_under_the_name_of_its_content() throws IOException {
        var bin = directory.resolve("bin");
        var first = new HelperBinary(bin, "/dev/jcompose/runtime/linux/attributes.txt").path();
        assertThat(first.getFileName().toString()).matches("jcr-[0-9a-f]{16}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first)))
                .isEqualTo("r-x------");
        var written = Files.getLastModifiedTime(first);
        assertThat(new HelperBinary(bin, "/dev/jcompose/runtime/linux/attributes.txt").path())
                .isEqualTo(first);
        assertThat(Files.getLastModifiedTime(first)).isEqualTo(written);
        assertThat(bin).isDirectoryNotContaining("glob:**/.*");
    }

    @Test
    void an_architecture_without_a_helper_is_reported() {
        assertThatThrownBy(() -> new HelperBinary(directory, "/native/linux-vax/jcr").path())
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("has no helper for");
    }
}
