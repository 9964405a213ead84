package dev.jcompose.runtime.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.runtime.testing.FakeBackend;
import dev.jcompose.runtime.testing.FakeContainers;
import dev.jcompose.runtime.testing.FakeTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExitWatcherTest {
    private final FakeContainers containers = new FakeBackend().containers();
    private final FakeTime time = new FakeTime();
    private final ExitWatcher watcher = new ExitWatcher(containers, time);

    @BeforeEach
    void running() {
        containers.add("web", Status.RUNNING);
        containers.add("db", Status.RUNNING);
        time.after(Duration.ofSeconds(1), () -> containers.exit("c2", 0));
        time.after(Duration.ofSeconds(2), () -> containers.exit("c1", 4));
    }

    @Test
    void ends_with_the_first_decisive_end() throws Exception {
        Optional<Exit> end = watcher.watch(containers.list(), exit -> exit.code() != 0);

        assertThat(end.orElseThrow().container().service()).isEqualTo("web");
        assertThat(end.orElseThrow().code()).isEqualTo(4);
    }

    @Test
    void ends_when_all_have_ended() throws Exception {
        assertThat(watcher.watch(containers.list(), exit -> false)).isEmpty();
        assertThat(time.now()).isAfterOrEqualTo(FakeTime.START.plusSeconds(2));
    }

    @Test
    void a_removed_container_is_not_waited_for() throws Exception {
        time.after(Duration.ofMillis(10), () -> containers.vanish("c1"));
        time.after(Duration.ofSeconds(2), () -> {});

        assertThat(watcher.watch(containers.list(), exit -> false)).isEmpty();
        assertThat(time.now()).isBefore(FakeTime.START.plusSeconds(2));
    }
}
