package dev.jcompose.planner.reconcile;

import static dev.jcompose.planner.testing.ProjectSample.shop;
import static dev.jcompose.planner.testing.ServiceSample.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.Dependency;
import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.planner.DownOptions;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.UpOptions;
import dev.jcompose.planner.state.ObservedContainer.Health;
import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.planner.testing.PaperBackend;
import dev.jcompose.planner.testing.ProjectSample;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stopping, restarting and taking down three services: web needs app (restarting with it), app needs db. */
class DownPlanTest {
    private static final DownOptions ALL = new DownOptions(List.of(), false, false, Optional.empty());

    private final DefaultPlanner planner = new DefaultPlanner();
    private final PaperBackend backend = new PaperBackend();
    private final ProjectSample sample = shop(
            service("web").needs("app", new Dependency(Condition.HEALTHY, true, true)),
            service("app").needs("db", Condition.STARTED),
            service("db").volumes("data"));

    @BeforeEach
    void up() {
        backend.run(sample.project(), planner.up(sample.project(), backend.observe(), UpOptions.defaults()));
    }

    private Plan down(DownOptions options) {
        return planner.down(Optional.of(sample.project()), backend.observe(), options);
    }

    @Test
    void down_stops_in_reverse_dependency_order_and_removes_networks_last() {
        assertThat(down(ALL).describe()).isEqualTo("""
                [] -> #1 StopContainer[id=c3, name=shop-web-1, grace=Optional.empty], down
                [1] -> #2 StopContainer[id=c2, name=shop-app-1, grace=Optional.empty], down
                [2] -> #3 StopContainer[id=c1, name=shop-db-1, grace=Optional.empty], down
                [1] -> #4 RemoveContainer[id=c3, name=shop-web-1, volumes=false], down
                [2] -> #5 RemoveContainer[id=c2, name=shop-app-1, volumes=false], down
                [3] -> #6 RemoveContainer[id=c1, name=shop-db-1, volumes=false], down
                [4,5,6] -> #7 RemoveNetwork[name=shop_default], down""");
    }

    @Test
    void down_needs_no_files_and_follows_what_containers_remember() {
        Plan plan = planner.down(Optional.empty(), backend.observe(), ALL);

        assertThat(plan.describe()).isEqualTo(down(ALL).describe());
    }

    @Test
    void down_with_volumes_removes_them_once_nothing_mounts_them() {
        var volumes = new DownOptions(List.of(), true, false, Optional.of(Duration.ZERO));

        Plan plan = down(volumes);
        backend.run(sample.project(), plan);

        assertThat(plan.describe()).contains("RemoveVolume[name=shop_data]", "grace=Optional[PT0S]", "volumes=true");
        assertThat(backend.observe().containers()).isEmpty();
        assertThat(backend.observe().volumes()).isEmpty();
        assertThat(backend.observe().networks()).isEmpty();
    }

    @Test
    void down_leaves_other_projects_alone() {
        backend.network("other_default", "other").volume("other_data", "other").network("bridge", "");

        backend.run(sample.project(), down(new DownOptions(List.of(), true, true, Optional.empty())));

        assertThat(backend.observe().networks()).hasSize(2);
        assertThat(backend.observe().volumes()).hasSize(1);
    }

    @Test
    void down_of_one_service_touches_nothing_else() {
        assertThat(down(new DownOptions(List.of("web"), true, true, Optional.empty()))
                        .describe())
                .isEqualTo("""
                [] -> #1 StopContainer[id=c3, name=shop-web-1, grace=Optional.empty], down
                [1] -> #2 RemoveContainer[id=c3, name=shop-web-1, volumes=true], down""");
    }

    @Test
    void down_leaves_orphans_and_the_network_they_use_unless_asked() {
        backend.add(PaperBackend.as(backend.observe().containers().getLast(), "c9", "shop-old-1", "old", false));

        Plan plan = down(ALL);

        assertThat(plan.describe()).doesNotContain("c9").doesNotContain("RemoveNetwork");
        assertThat(plan.warnings())
                .containsExactly("network \"shop_default\" stays: container shop-old-1 still uses it");
        backend.run(sample.project(), down(new DownOptions(List.of(), false, true, Optional.empty())));
        assertThat(backend.observe().containers()).isEmpty();
    }

    @Test
    void down_of_nothing_says_so() {
        backend.run(sample.project(), down(ALL));

        Plan plan = down(ALL);

        assertThat(plan.steps()).isEmpty();
        assertThat(plan.warnings()).containsExactly("no resource found to remove for project \"shop\"");
    }

    @Test
    void stop_stops_only_the_services_named_dependents_first() {
        assertThat(planner.stop(
                                Optional.of(sample.project()),
                                backend.observe(),
                                List.of("db", "web"),
                                Optional.of(Duration.ofSeconds(3)))
                        .describe())
                .isEqualTo("""
                [] -> #1 StopContainer[id=c3, name=shop-web-1, grace=Optional[PT3S]], stop
                [1] -> #2 StopContainer[id=c1, name=shop-db-1, grace=Optional[PT3S]], stop""");
    }

    @Test
    void start_starts_dependencies_too_and_leaves_what_runs() {
        backend.run(
                sample.project(),
                planner.stop(Optional.empty(), backend.observe(), List.of("web", "app"), Optional.empty()));

        assertThat(planner.start(sample.project(), backend.observe(), List.of("web"))
                        .describe())
                .isEqualTo("""
                [] -> #1 StartContainer[service=app, name=shop-app-1], exited
                [1] -> #2 AwaitContainer[service=app, name=shop-app-1, condition=HEALTHY, required=true], service_healthy
                [2] -> #3 StartContainer[service=web, name=shop-web-1], exited""");
        backend.run(sample.project(), planner.start(sample.project(), backend.observe(), List.of()));
        assertThat(planner.start(sample.project(), backend.observe(), List.of()).steps())
                .isEmpty();
    }

    @Test
    void restart_restarts_dependents_that_want_it_with_the_service() {
        Plan plan = planner.restart(sample.project(), backend.observe(), List.of("app"), true, Optional.empty());

        assertThat(plan.describe()).isEqualTo("""
                [] -> #1 StopContainer[id=c3, name=shop-web-1, grace=Optional.empty], restart
                [1] -> #2 StopContainer[id=c2, name=shop-app-1, grace=Optional.empty], restart
                [2] -> #3 StartContainer[service=app, name=shop-app-1], restart
                [3] -> #4 AwaitContainer[service=app, name=shop-app-1, condition=HEALTHY, required=true], service_healthy
                [1,4] -> #5 StartContainer[service=web, name=shop-web-1], restart""");
    }

    @Test
    void restart_without_dependents_restarts_the_service_alone() {
        Plan plan = planner.restart(sample.project(), backend.observe(), List.of("app"), false, Optional.empty());

        assertThat(plan.describe()).isEqualTo("""
                [] -> #1 StopContainer[id=c2, name=shop-app-1, grace=Optional.empty], restart
                [1] -> #2 StartContainer[service=app, name=shop-app-1], restart""");
    }

    @Test
    void restart_starts_what_had_ended() {
        backend.change("c1", c -> PaperBackend.with(c, Status.EXITED, Health.NONE));

        Plan plan = planner.restart(sample.project(), backend.observe(), List.of("db"), true, Optional.empty());

        assertThat(plan.describe()).isEqualTo("""
                [] -> #1 StartContainer[service=db, name=shop-db-1], exited""");
    }

    @Test
    void commands_on_containers_say_when_there_are_none() {
        backend.run(sample.project(), down(ALL));

        assertThatThrownBy(() -> planner.start(sample.project(), backend.observe(), List.of("web")))
                .hasMessage("service \"web\" has no container to start: create it with up or create");
        assertThatThrownBy(
                        () -> planner.restart(sample.project(), backend.observe(), List.of(), true, Optional.empty()))
                .hasMessage("project \"shop\" has no container to restart: create them with up or create");
        assertThat(planner.kill(Optional.of(sample.project()), backend.observe(), List.of(), "KILL", false)
                        .warnings())
                .containsExactly("no container to kill");
    }

    @Test
    void kill_signals_what_runs() {
        backend.change("c1", c -> PaperBackend.with(c, Status.EXITED, Health.NONE));

        assertThat(planner.kill(Optional.of(sample.project()), backend.observe(), List.of(), "SIGHUP", false)
                        .describe())
                .isEqualTo("""
                [] -> #1 KillContainer[id=c2, name=shop-app-1, signal=SIGHUP], kill
                [] -> #2 KillContainer[id=c3, name=shop-web-1, signal=SIGHUP], kill""");
    }

    @Test
    void build_builds_what_has_a_build_section() {
        var built = shop(
                service("web").built().needs("db", Condition.STARTED),
                service("db").built(),
                service("cache"));

        assertThat(planner.build(built.project(), List.of("web"), false).describe())
                .isEqualTo("[] -> #1 BuildImage[service=web, image=shop-web], asked for");
        assertThat(planner.build(built.project(), List.of("web"), true).describe())
                .isEqualTo("""
                [] -> #1 BuildImage[service=db, image=shop-db], asked for
                [] -> #2 BuildImage[service=web, image=shop-web], asked for""");
        assertThat(planner.build(built.project(), List.of("cache"), false).warnings())
                .containsExactly("no service to build: none of them has a build section");
    }
}
