package dev.jcompose.runtime.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.planner.state.ObservedContainer.Health;
import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.runtime.ContainerFailedException;
import dev.jcompose.runtime.testing.FakeBackend;
import dev.jcompose.runtime.testing.FakeContainers;
import dev.jcompose.runtime.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContainerWaiterTest {
    private static final Duration LATER = Duration.ofSeconds(7);

    private final FakeContainers containers = new FakeBackend().containers();
    private final FakeTime time = new FakeTime();
    private final ContainerWaiter waiter = new ContainerWaiter(containers, time);

    @BeforeEach
    void a_container_that_is_starting() {
        containers.add("db", Status.RUNNING);
        containers.health("c1", Health.STARTING);
    }

    private void fails(Condition condition, String message) {
        assertThatThrownBy(() -> waiter.await("c1", "shop-db-1", condition))
                .isInstanceOf(ContainerFailedException.class)
                .hasMessage(message)
                .extracting(failure -> ((ContainerFailedException) failure).exitCode())
                .isEqualTo(1);
    }

    @Test
    void waits_until_the_container_is_healthy() throws Exception {
        time.after(LATER, () -> containers.health("c1", Health.HEALTHY));

        waiter.await("c1", "shop-db-1", Condition.HEALTHY);

        assertThat(time.now()).isBetween(FakeTime.START.plus(LATER), FakeTime.START.plus(LATER.plusMillis(100)));
    }

    @Test
    void notices_quickly_at_first() throws Exception {
        time.after(Duration.ofMillis(4), () -> containers.health("c1", Health.HEALTHY));

        waiter.await("c1", "shop-db-1", Condition.HEALTHY);

        assertThat(time.now()).isEqualTo(FakeTime.START.plusMillis(5));
    }

    @Test
    void an_unhealthy_container_fails_with_what_its_healthcheck_wrote() {
        containers.healthOutput("c1", "connection refused\n");
        time.after(LATER, () -> containers.health("c1", Health.UNHEALTHY));

        fails(Condition.HEALTHY, """
                dependency failed to start: container shop-db-1 is unhealthy
                its healthcheck wrote:
                  connection refused""");
    }

    @Test
    void a_container_that_ends_fails_with_its_last_lines() {
        for (int i = 1; i <= 12; i++) {
            containers.log("c1", FakeTime.START, "line " + i);
        }
        time.after(LATER, () -> containers.exit("c1", 7));

        assertThatThrownBy(() -> waiter.await("c1", "shop-db-1", Condition.HEALTHY))
                .hasMessageStartingWith("""
                        dependency failed to start: container shop-db-1 exited (7)
                        shop-db-1 wrote last:
                          line 3
                        """)
                .hasMessageEndingWith("\n  line 12");
    }

    @Test
    void a_container_that_restarts_may_still_become_healthy() throws Exception {
        containers.status("c1", Status.RESTARTING);
        time.after(LATER, () -> {
            containers.status("c1", Status.RUNNING);
            containers.health("c1", Health.HEALTHY);
        });

        waiter.await("c1", "shop-db-1", Condition.HEALTHY);
    }

    @Test
    void a_container_without_healthcheck_fails_at_once() {
        containers.health("c1", Health.NONE);

        fails(Condition.HEALTHY, "dependency failed to start: container shop-db-1 has no healthcheck configured");
    }

    @Test
    void a_job_is_complete_when_it_ended_well() throws Exception {
        time.after(LATER, () -> containers.exit("c1", 0));

        waiter.await("c1", "shop-db-1", Condition.COMPLETED);

        assertThat(time.now()).isAfter(FakeTime.START);
    }

    @Test
    void a_job_that_ended_badly_fails() {
        time.after(LATER, () -> containers.exit("c1", 2));

        fails(Condition.COMPLETED, "service \"db\" didn't complete successfully: exit 2");
    }

    @Test
    void a_container_that_is_removed_fails() {
        time.after(LATER, () -> containers.vanish("c1"));

        fails(Condition.HEALTHY, "dependency failed to start: container shop-db-1 was removed");
    }
}
