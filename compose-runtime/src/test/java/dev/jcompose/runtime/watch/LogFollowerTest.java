package dev.jcompose.runtime.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.runtime.LogReader.LogLine;
import dev.jcompose.runtime.testing.FakeBackend;
import dev.jcompose.runtime.testing.FakeContainers;
import dev.jcompose.runtime.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two running containers, c1 of web and c2 of db. */
class LogFollowerTest {
    private final FakeContainers containers = new FakeBackend().containers();
    private final FakeTime time = new FakeTime();
    private final List<String> told = new ArrayList<>();
    private boolean goOn = true;
    private final LogFollower.Listener listener = new LogFollower.Listener() {
        @Override
        public void line(ObservedContainer container, LogLine line) {
            told.add(container.service() + ": " + line.text());
        }

        @Override
        public boolean ended(Exit exit) {
            told.add("%s ended with %d%s"
                    .formatted(exit.container().service(), exit.code(), exit.restarting() ? " (restarting)" : ""));
            return goOn;
        }
    };

    @BeforeEach
    void running() {
        containers.add("web", Status.RUNNING);
        containers.add("db", Status.RUNNING);
    }

    private LogFollower follower(LogQuery query) {
        return new LogFollower(containers, containers::list, query, time);
    }

    private void log(String id, int second, String text) {
        containers.log(id, FakeTime.START.plusSeconds(second), text);
    }

    private void later(int seconds, Runnable event) {
        time.after(Duration.ofSeconds(seconds), event);
    }

    @Test
    void merges_what_is_stored_in_order_of_time() throws Exception {
        List.of(1, 4, 5, 6, 9).forEach(second -> log("c1", second, "w" + second));
        List.of(2, 3, 7, 8, 10, 11, 12).forEach(second -> log("c2", second, "d" + second));

        follower(LogQuery.ALL).stored(listener);

        assertThat(told)
                .containsExactly(
                        "web: w1", "db: d2", "db: d3", "web: w4", "web: w5", "web: w6", "db: d7", "db: d8", "web: w9",
                        "db: d10", "db: d11", "db: d12");
    }

    @Test
    void takes_the_last_lines_of_each_container_within_the_time_asked_for() throws Exception {
        List.of(1, 4, 5).forEach(second -> log("c1", second, "w" + second));
        List.of(2, 3, 9).forEach(second -> log("c2", second, "d" + second));

        follower(new LogQuery(
                        OptionalLong.of(2),
                        Optional.of(FakeTime.START.plusSeconds(4)),
                        Optional.of(FakeTime.START.plusSeconds(8))))
                .stored(listener);

        assertThat(told).containsExactly("web: w4", "web: w5");
    }

    @Test
    void follows_until_all_have_ended_and_tells_an_end_after_the_last_line() throws Exception {
        log("c1", 0, "old");
        later(1, () -> log("c2", 1, "new"));
        later(2, () -> {
            log("c1", 2, "a");
            log("c1", 2, "b");
            log("c1", 2, "c");
            containers.exit("c1", 3);
        });
        later(3, () -> containers.exit("c2", 0));

        follower(LogQuery.ALL).follow(listener);

        assertThat(told)
                .containsExactly(
                        "web: old", "db: new", "web: a", "web: b", "web: c", "web ended with 3", "db ended with 0");
    }

    @Test
    void ends_when_the_listener_has_had_enough() throws Exception {
        goOn = false;
        later(1, () -> containers.exit("c2", 1));

        follower(LogQuery.ALL).follow(listener);

        assertThat(told).containsExactly("db ended with 1");
    }

    @Test
    void tells_each_run_that_a_restart_policy_ends() throws Exception {
        later(1, () -> containers.restarted("c1", 1, 1));
        later(2, () -> containers.restarted("c1", 1, 1));
        later(3, () -> containers.exit("c1", 1));
        later(4, () -> containers.exit("c2", 0));

        follower(LogQuery.ALL).follow(listener);

        assertThat(told)
                .containsExactly(
                        "web ended with 1 (restarting)",
                        "web ended with 1 (restarting)",
                        "web ended with 1",
                        "db ended with 0");
    }

    @Test
    void follows_a_container_that_takes_over_and_one_that_is_new() throws Exception {
        later(1, () -> {
            containers.add("web", Status.CREATED);
            containers.exit("c1", 143);
            containers.vanish("c1");
        });
        later(3, () -> {
            containers.status("c3", Status.RUNNING);
            log("c3", 3, "again");
        });
        later(4, () -> containers.exit("c2", 0));
        later(5, () -> containers.exit("c3", 0));

        follower(LogQuery.ALL).follow(listener);

        assertThat(told).containsExactly("web: again", "db ended with 0", "web ended with 0");
    }

    @Test
    void nothing_running_is_nothing_to_follow() throws Exception {
        containers.exit("c1", 0);
        containers.exit("c2", 0);
        log("c1", 1, "done");

        follower(LogQuery.ALL).follow(listener);

        assertThat(told).startsWith("web: done").hasSize(3);
    }

    @Test
    void stops_following_when_the_time_asked_for_is_over() throws Exception {
        LogQuery query =
                new LogQuery(OptionalLong.empty(), Optional.empty(), Optional.of(FakeTime.START.plusSeconds(5)));

        follower(query).follow(listener);

        assertThat(told).isEmpty();
        assertThat(time.now()).isBefore(FakeTime.START.plusSeconds(6));
    }
}
