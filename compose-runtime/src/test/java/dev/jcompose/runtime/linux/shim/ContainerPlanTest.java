package dev.jcompose.runtime.linux.shim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerPlanTest {
    @TempDir
    Path directory;

    @Test
    void a_plan_written_is_read_back() {
        var file = directory.resolve("plan");
        plan().writeTo(file);

        var read = ContainerPlan.read(file).orElseThrow();
        assertThat(read.name()).isEqualTo("shop-web-1");
        assertThat(read.texts("arg")).containsExactly("sh", "-c", "echo hi");
        assertThat(read.describe()).isEqualTo("""
                        plan 1
                        id abc
                        name shop-web-1
                        arg sh
                        arg -c
                        arg "echo hi"
                        seccomp +3 bytes
                        end 7""");
        assertThat(directory).isDirectoryContaining("glob:**/plan").isDirectoryNotContaining("glob:**/.*");
    }

    @Test
    void a_plan_that_was_cut_off_is_none() throws IOException {
        var file = directory.resolve("plan");
        plan().writeTo(file);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(ContainerPlan.read(file))
                    .as("%d of %d bytes", length, whole.length)
                    .isEmpty();
        }
        assertThat(ContainerPlan.read(directory.resolve("none"))).isEmpty();
    }

    private static ContainerPlan plan() {
        return new ContainerPlan.Builder()
                .add("id", "abc")
                .add("name", "shop-web-1")
                .addAll("arg", List.of("sh", "-c", "echo hi"))
                .addBytes(new byte[] {1, 2, 3}, "seccomp")
                .build();
    }
}
