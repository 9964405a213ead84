package dev.jcompose.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.linux.network.NetworkStore;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.ContainerStateFile;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObserverTest {
    private static final String ID = "0123456789ab".repeat(6).substring(0, 64);

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"starting,RESTARTING", "running,RUNNING", "stopping,RUNNING", "restarting,RESTARTING", "paused,PAUSED"})
    void whatever_lives_counts_as_running(String word, ObservedContainer.Status expected) throws IOException {
        var container = observe(word);
        assertThat(container.status()).isEqualTo(expected);
        assertThat(container.isRunning()).isTrue();
    }

    @Test
    void what_has_ended_does_not_count_as_running() throws IOException {
        assertThat(observe("exited").isRunning()).isFalse();
        assertThat(observe("created").isRunning()).isFalse();
    }

    /** A container whose monitor is this very process. */
    private ObservedContainer observe(String word) throws IOException {
        var layout = new NativeLayout(directory.resolve("state"), directory.resolve("run"));
        var files = layout.container("shop", ID.substring(0, 12));
        Files.createDirectories(files.run());
        Files.writeString(
                files.stateFile(),
                "status=%s\nboot=%s\nmon=%d\nexit=0\n"
                        .formatted(
                                word,
                                Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                                        .strip(),
                                ProcessHandle.current().pid()));
        var plan = new ContainerPlan.Builder()
                .add("id", ID)
                .add("name", "shop-web-1")
                .add("project", "shop")
                .build();
        var foundations = new Foundations(new ContainerIndex(layout), new NetworkStore(layout.networks()));
        return new Observer(new ContainerStateFile()::read, foundations).observe(files, plan);
    }
}
