package dev.jcompose.runtime.execute;

import static dev.jcompose.runtime.testing.TestProjects.service;
import static dev.jcompose.runtime.testing.TestProjects.shop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.Dependency;
import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.model.Project;
import dev.jcompose.planner.Action;
import dev.jcompose.planner.Action.AwaitContainer;
import dev.jcompose.planner.Action.RemoveContainer;
import dev.jcompose.planner.Action.RemoveNetwork;
import dev.jcompose.planner.Action.StartContainer;
import dev.jcompose.planner.DownOptions;
import dev.jcompose.planner.UpOptions;
import dev.jcompose.planner.reconcile.DefaultPlanner;
import dev.jcompose.planner.state.ObservedContainer.Health;
import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.ContainerFailedException;
import dev.jcompose.runtime.LayerProgress;
import dev.jcompose.runtime.NotFoundException;
import dev.jcompose.runtime.testing.FakeBackend;
import dev.jcompose.runtime.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BackendActionRunnerTest {
    private final FakeBackend backend = new FakeBackend();
    private final FakeTime time = new FakeTime();
    private final List<String> told = new ArrayList<>();
    private final Project project =
            shop(service("web", Map.of("db", new Dependency(Condition.HEALTHY, false, true))), service("db", Map.of()));

    private BackendActionRunner runner(Optional<Project> declared) {
        return new BackendActionRunner(
                backend, declared, backend.observe("shop", List.of()), BuildOptions.defaults(), time);
    }

    private void run(BackendActionRunner runner, Action action) throws InterruptedException {
        runner.run(action, new StepReport() {
            @Override
            public void layer(LayerProgress layer) {
                // not looked at here
            }

            @Override
            public void progress(String text) {
                told.add(text);
            }

            @Override
            public void warned(String text) {
                told.add("warning: " + text);
            }
        });
    }

    private String idOf(String service) {
        return backend.containers().list().stream()
                .filter(container -> container.service().equals(service))
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    void up_and_down_of_a_project_carry_out_their_plans() throws Exception {
        backend.containers().healthcheck("db");
        time.after(Duration.ofMillis(300), () -> backend.containers().health(idOf("db"), Health.HEALTHY));
        var up = new DefaultPlanner().up(project, backend.observe("shop", List.of()), UpOptions.defaults());

        new PlanExecutor(runner(Optional.of(project)), 1, event -> {}).execute(up);

        assertThat(backend.script().journal())
                .containsExactlyInAnyOrder(
                        "create network shop_default",
                        "create shop-db-1",
                        "create shop-web-1",
                        "start shop-db-1",
                        "start shop-web-1")
                .containsSubsequence("start shop-db-1", "start shop-web-1");
        var down = new DefaultPlanner()
                .down(
                        Optional.empty(),
                        backend.observe("shop", List.of()),
                        new DownOptions(List.of(), false, false, Optional.empty()));
        new PlanExecutor(runner(Optional.empty()), -1, event -> {}).execute(down);
        assertThat(backend.containers().list()).isEmpty();
        assertThat(backend.script().journal()).endsWith("remove network shop_default");
    }

    @Test
    void a_name_means_the_container_that_stays_when_an_older_one_had_it_too() throws Exception {
        backend.containers().add("web", Status.EXITED);
        backend.containers().add("web", Status.CREATED);
        BackendActionRunner runner = runner(Optional.of(project));

        run(runner, new RemoveContainer("c2", "shop-web-1", false));
        run(runner, new StartContainer("web", "shop-web-1"));

        assertThat(backend.containers().inspect("c1").orElseThrow().status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void an_optional_dependency_that_fails_is_a_warning() throws Exception {
        backend.containers().add("db", Status.RUNNING);
        backend.containers().exit("c1", 3);

        run(runner(Optional.of(project)), new AwaitContainer("db", "shop-db-1", Condition.HEALTHY, false));

        assertThat(told)
                .containsExactly("warning: going on without optional dependency \"db\": "
                        + "dependency failed to start: container shop-db-1 exited (3)");
    }

    @Test
    void a_required_dependency_that_fails_is_a_failure() {
        backend.containers().add("db", Status.RUNNING);
        backend.containers().exit("c1", 3);

        assertThatThrownBy(() -> run(
                        runner(Optional.of(project)), new AwaitContainer("db", "shop-db-1", Condition.HEALTHY, true)))
                .isInstanceOf(ContainerFailedException.class);
    }

    @Test
    void a_network_in_use_stays_with_a_warning() throws Exception {
        backend.script().fail("remove network shop_default", new ConflictException("container x uses it"));

        run(runner(Optional.empty()), new RemoveNetwork("shop_default"));

        assertThat(told).containsExactly("warning: network \"shop_default\" stays: container x uses it");
    }

    @Test
    void what_is_gone_already_needs_no_removal() throws Exception {
        backend.containers().add("db", Status.EXITED);
        backend.script().fail("remove shop-db-1", new NotFoundException("gone"));

        run(runner(Optional.empty()), new RemoveContainer("c1", "shop-db-1", false));

        assertThat(told).isEmpty();
    }
}
