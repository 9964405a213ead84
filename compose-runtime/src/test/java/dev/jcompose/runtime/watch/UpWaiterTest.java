package dev.jcompose.runtime.watch;

import static dev.jcompose.runtime.testing.TestProjects.service;
import static dev.jcompose.runtime.testing.TestProjects.shop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.Dependency;
import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.model.Project;
import dev.jcompose.planner.state.ObservedContainer.Health;
import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.runtime.ContainerFailedException;
import dev.jcompose.runtime.testing.FakeBackend;
import dev.jcompose.runtime.testing.FakeContainers;
import dev.jcompose.runtime.testing.FakeTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three containers: c1 of web, which can tell its health, c2 of worker, which cannot, and c3 of the job migrate. */
class UpWaiterTest {
    private final FakeContainers containers = new FakeBackend().containers();
    private final FakeTime time = new FakeTime();
    private final Project project = shop(
            service("web", Map.of("migrate", new Dependency(Condition.COMPLETED, false, true))),
            service("worker", Map.of()),
            service("migrate", Map.of()));

    @BeforeEach
    void started() {
        containers.add("web", Status.RUNNING);
        containers.health("c1", Health.STARTING);
        containers.add("worker", Status.RUNNING);
        containers.add("migrate", Status.RUNNING);
    }

    private void await(Optional<Duration> timeout) throws InterruptedException {
        new UpWaiter(containers, time).await(project, containers.list(), timeout);
    }

    @Test
    void waits_for_health_and_for_jobs_to_end() throws Exception {
        time.after(Duration.ofSeconds(2), () -> containers.exit("c3", 0));
        time.after(Duration.ofSeconds(3), () -> containers.health("c1", Health.HEALTHY));

        await(Optional.of(Duration.ofSeconds(60)));

        assertThat(time.now()).isAfter(FakeTime.START.plusSeconds(2));
    }

    @Test
    void a_service_that_ends_fails_even_with_code_0() {
        time.after(Duration.ofSeconds(1), () -> containers.exit("c1", 0));

        assertThatThrownBy(() -> await(Optional.empty()))
                .isInstanceOf(ContainerFailedException.class)
                .hasMessage("container shop-web-1 exited (0)");
    }

    @Test
    void a_job_that_fails_is_a_failure() {
        time.after(Duration.ofSeconds(1), () -> containers.exit("c3", 9));

        assertThatThrownBy(() -> await(Optional.empty())).hasMessage("container shop-migrate-1 exited (9)");
    }

    @Test
    void an_unhealthy_service_is_a_failure() {
        time.after(Duration.ofSeconds(1), () -> containers.health("c1", Health.UNHEALTHY));

        assertThatThrownBy(() -> await(Optional.empty())).hasMessage("container shop-web-1 is unhealthy");
    }

    @Test
    void gives_up_after_the_timeout_and_says_on_whom() {
        assertThatThrownBy(() -> await(Optional.of(Duration.ofSeconds(5))))
                .isInstanceOf(ContainerFailedException.class)
                .hasMessage("application not healthy after 5s: still waiting for shop-web-1, shop-migrate-1");
        assertThat(time.now()).isBefore(FakeTime.START.plusSeconds(6));
    }
}
