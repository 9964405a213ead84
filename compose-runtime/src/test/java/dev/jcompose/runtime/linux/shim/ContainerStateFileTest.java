package dev.jcompose.runtime.linux.shim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.planner.state.ObservedContainer.Health;
import dev.jcompose.runtime.linux.shim.ContainerState.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerStateFileTest {
    @TempDir
    Path directory;

    private ContainerFiles files = new ContainerFiles("p", "0123456789ab", Path.of("/"), Path.of("/"));

    @BeforeEach
    void makeProc() throws IOException {
        files = new ContainerFiles("p", "0123456789ab", directory.resolve("state"), directory.resolve("run"));
        Files.createDirectories(files.run());
        Files.createDirectories(directory.resolve("proc/sys/kernel/random"));
        Files.writeString(directory.resolve("proc/sys/kernel/random/boot_id"), "this-boot\n");
        Files.createDirectories(directory.resolve("proc/50"));
        Files.writeString(
                directory.resolve("proc/50/stat"),
                "50 (a name) with) S 1 50 50 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 777 123 9 1 1 1");
    }

    @Test
    void without_a_file_it_was_never_started() {
        assertThat(read().status()).isEqualTo(Status.CREATED);
    }

    @Test
    void a_container_with_a_living_monitor_is_what_its_file_says() throws IOException {
        write("""
                boot=this-boot
                status=running
                want=running
                pid=60
                mon=50
                monstart=777
                started=1700000000000000005
                finished=0
                exit=0
                oom=0
                restarts=2
                health=healthy
                error=
                """);
        var state = read();
        assertThat(state.status()).isEqualTo(Status.RUNNING);
        assertThat(state.pid()).hasValue(60);
        assertThat(state.started()).contains(Instant.ofEpochSecond(1_700_000_000, 5));
        assertThat(state.finished()).isEmpty();
        assertThat(state.restarts()).isEqualTo(2);
        assertThat(state.health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void after_a_reboot_nothing_runs() throws IOException {
        write("boot=another\nstatus=running\npid=60\nmon=50\nmonstart=777\n");
        assertThat(read().status()).isEqualTo(Status.EXITED);
        assertThat(read().exitCode()).hasValue(255);
    }

    @Test
    void without_its_monitor_nothing_runs_even_if_another_process_has_its_number() throws IOException {
        write("boot=this-boot\nstatus=restarting\nmon=51\nexit=3\n");
        assertThat(read().status()).isEqualTo(Status.EXITED);
        assertThat(read().exitCode()).hasValue(255);
        write("boot=this-boot\nstatus=running\nmon=50\nmonstart=778\n");
        assertThat(read().status()).isEqualTo(Status.EXITED);
    }

    @Test
    void the_last_probe_s_output_is_kept_for_messages() throws IOException {
        assertThat(ContainerStateFile.lastHealthOutput(files)).isEmpty();
        Files.write(
                files.health(),
                Frames.encode(List.of(
                        Frame.withBytes("first".getBytes(UTF_8), "probe", "1", "2", "0"),
                        Frame.withBytes("last\n".getBytes(UTF_8), "probe", "3", "4", "1"))));
        assertThat(ContainerStateFile.lastHealthOutput(files)).isEqualTo("last");
    }

    private void write(String text) throws IOException {
        Files.writeString(files.stateFile(), text);
    }

    private ContainerState read() {
        return new ContainerStateFile(directory.resolve("proc")).read(files);
    }
}
