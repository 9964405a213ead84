package dev.jcompose.planner.reconcile;

import static dev.jcompose.planner.testing.ProjectSample.shop;
import static dev.jcompose.planner.testing.ServiceSample.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.model.Dependency;
import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.model.Project;
import dev.jcompose.model.PullPolicy;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.UpOptions;
import dev.jcompose.planner.state.ObservedContainer.Health;
import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.planner.testing.PaperBackend;
import dev.jcompose.planner.testing.ProjectSample;
import org.junit.jupiter.api.Test;

class UpPlanTest {
    private final PaperBackend backend = new PaperBackend();

    private Plan up(ProjectSample sample) {
        return new DefaultPlanner().up(sample.project(), backend.observe(), UpOptions.defaults());
    }

    private void running(ProjectSample sample) {
        Project project = sample.project();
        backend.run(project, new DefaultPlanner().up(project, backend.observe(), UpOptions.defaults()));
    }

    private static Dependency restarting() {
        return new Dependency(Condition.STARTED, true, true);
    }

    @Test
    void first_up_creates_everything_at_once_and_starts_in_dependency_order() {
        var sample = shop(
                service("web").needs("db", Condition.HEALTHY).needs("migrate", Condition.COMPLETED),
                service("db").volumes("data"),
                service("migrate").needs("db", Condition.STARTED));

        assertThat(up(sample).describe()).isEqualTo("""
                [] -> #1 CreateNetwork[key=default, name=shop_default], not found
                [] -> #2 CreateVolume[key=data, name=shop_data], not found
                [1,2] -> #3 CreateContainer[service=db, number=1, name=shop-db-1, replaces=Optional.empty], not found
                [3] -> #4 StartContainer[service=db, name=shop-db-1], created
                [1] -> #5 CreateContainer[service=migrate, number=1, name=shop-migrate-1, replaces=Optional.empty], not found
                [4,5] -> #6 StartContainer[service=migrate, name=shop-migrate-1], created
                [1] -> #7 CreateContainer[service=web, number=1, name=shop-web-1, replaces=Optional.empty], not found
                [4] -> #8 AwaitContainer[service=db, name=shop-db-1, condition=HEALTHY, required=true], service_healthy
                [6] -> #9 AwaitContainer[service=migrate, name=shop-migrate-1, condition=COMPLETED, required=true], service_completed_successfully
                [7,8,9] -> #10 StartContainer[service=web, name=shop-web-1], created""");
    }

    @Test
    void a_running_project_needs_nothing() {
        var sample = shop(
                service("web").needs("db", Condition.HEALTHY), service("db").volumes("data"));
        running(sample);

        assertThat(up(sample).describe()).isEmpty();
    }

    @Test
    void a_missing_image_is_built_or_pulled_once() {
        var sample = shop(
                service("one").image("redis"),
                service("two").image("redis"),
                service("app").built());

        assertThat(up(sample).describe()).isEqualTo("""
                [] -> #1 BuildImage[service=app, image=shop-app], not found
                [] -> #2 PullImage[service=one, image=redis], not found
                [] -> #3 CreateNetwork[key=default, name=shop_default], not found
                [2,3] -> #4 CreateContainer[service=one, number=1, name=shop-one-1, replaces=Optional.empty], not found
                [4] -> #5 StartContainer[service=one, name=shop-one-1], created
                [2,3] -> #6 CreateContainer[service=two, number=1, name=shop-two-1, replaces=Optional.empty], not found
                [6] -> #7 StartContainer[service=two, name=shop-two-1], created
                [1,3] -> #8 CreateContainer[service=app, number=1, name=shop-app-1, replaces=Optional.empty], not found
                [8] -> #9 StartContainer[service=app, name=shop-app-1], created""");
    }

    @Test
    void a_changed_service_is_recreated_and_nothing_else() {
        running(shop(service("web").needs("db", Condition.STARTED), service("db")));

        assertThat(up(shop(service("web").needs("db", Condition.STARTED).hash("h2"), service("db")))
                        .describe())
                .isEqualTo("""
                [] -> #1 CreateContainer[service=web, number=1, name=shop-web-1, replaces=Optional[c2]], configuration changed
                [1] -> #2 StopContainer[id=c2, name=shop-web-1, grace=Optional.empty], configuration changed
                [1,2] -> #3 RemoveContainer[id=c2, name=shop-web-1, volumes=false], configuration changed
                [3] -> #4 StartContainer[service=web, name=shop-web-1], created""");
    }

    @Test
    void dependents_that_restart_with_a_recreated_service_stop_before_it_and_start_after_it() {
        running(shop(
                service("web").needs("db", restarting()),
                service("db"),
                service("api").needs("db", Condition.STARTED)));

        assertThat(up(shop(
                                service("web").needs("db", restarting()),
                                service("db").hash("h2"),
                                service("api").needs("db", Condition.STARTED)))
                        .describe())
                .isEqualTo("""
                [] -> #1 CreateContainer[service=db, number=1, name=shop-db-1, replaces=Optional[c1]], configuration changed
                [1] -> #2 StopContainer[id=c2, name=shop-web-1, grace=Optional.empty], service "db" is recreated
                [1,2] -> #3 StopContainer[id=c1, name=shop-db-1, grace=Optional.empty], configuration changed
                [1,3] -> #4 RemoveContainer[id=c1, name=shop-db-1, volumes=false], configuration changed
                [4] -> #5 StartContainer[service=db, name=shop-db-1], created
                [2,5] -> #6 StartContainer[service=web, name=shop-web-1], stopped for a dependency""");
    }

    @Test
    void creating_first_and_starting_later_restarts_dependents_too() {
        running(shop(service("web").needs("db", restarting()), service("db")));
        var changed =
                shop(service("web").needs("db", restarting()), service("db").hash("h2"));
        Project project = changed.project();

        backend.run(project, new DefaultPlanner().up(project, backend.observe(), creatingOnly()));

        assertThat(up(changed).describe()).isEqualTo("""
                [] -> #1 StartContainer[service=db, name=shop-db-1], created
                [1] -> #2 StartContainer[service=web, name=shop-web-1], exited""");
    }

    private static UpOptions creatingOnly() {
        UpOptions plain = UpOptions.defaults();
        return new UpOptions(
                plain.services(),
                plain.scale(),
                plain.recreate(),
                false,
                true,
                plain.building(),
                false,
                false,
                false,
                false,
                false,
                plain.timeout());
    }

    @Test
    void a_container_in_the_network_of_a_recreated_one_is_recreated_too() {
        running(shop(service("sidecar").networkOf("web"), service("web")));

        assertThat(up(shop(service("sidecar").networkOf("web"), service("web").hash("h2")))
                        .describe())
                .isEqualTo("""
                [] -> #1 CreateContainer[service=web, number=1, name=shop-web-1, replaces=Optional[c1]], configuration changed
                [1] -> #2 StopContainer[id=c2, name=shop-sidecar-1, grace=Optional.empty], service "web" is recreated
                [1,2] -> #3 StopContainer[id=c1, name=shop-web-1, grace=Optional.empty], configuration changed
                [1,3] -> #4 RemoveContainer[id=c1, name=shop-web-1, volumes=false], configuration changed
                [4] -> #5 StartContainer[service=web, name=shop-web-1], created
                [1] -> #6 CreateContainer[service=sidecar, number=1, name=shop-sidecar-1, replaces=Optional[c2]], service "web" is recreated
                [2,6] -> #7 RemoveContainer[id=c2, name=shop-sidecar-1, volumes=false], service "web" is recreated
                [5,7] -> #8 StartContainer[service=sidecar, name=shop-sidecar-1], created""");
    }

    @Test
    void a_changed_image_recreates_its_containers() {
        running(shop(service("web")));
        backend.image("busybox", "i2");

        assertThat(up(shop(service("web"))).describe()).isEqualTo("""
                [] -> #1 CreateContainer[service=web, number=1, name=shop-web-1, replaces=Optional[c1]], image changed
                [1] -> #2 StopContainer[id=c1, name=shop-web-1, grace=Optional.empty], image changed
                [1,2] -> #3 RemoveContainer[id=c1, name=shop-web-1, volumes=false], image changed
                [3] -> #4 StartContainer[service=web, name=shop-web-1], created""");
    }

    @Test
    void a_changed_network_is_made_anew_between_its_containers() {
        running(shop(service("web").networks("front"), service("db")));

        assertThat(up(shop(service("web").networks("front"), service("db")).hash("front", "n2"))
                        .describe())
                .isEqualTo("""
                [] -> #1 StopContainer[id=c1, name=shop-web-1, grace=Optional.empty], network "shop_front" is made anew
                [1] -> #2 RemoveNetwork[name=shop_front], configuration changed
                [2] -> #3 CreateNetwork[key=front, name=shop_front], configuration changed
                [3] -> #4 CreateContainer[service=web, number=1, name=shop-web-1, replaces=Optional[c1]], network "shop_front" is made anew
                [1,4] -> #5 RemoveContainer[id=c1, name=shop-web-1, volumes=false], network "shop_front" is made anew
                [5] -> #6 StartContainer[service=web, name=shop-web-1], created""");
    }

    @Test
    void exited_and_never_started_containers_are_started() {
        var sample = shop(service("web").needs("db", Condition.HEALTHY), service("db"));
        running(sample);
        backend.change("c1", c -> PaperBackend.with(c, Status.EXITED, Health.NONE));
        backend.change("c2", c -> PaperBackend.with(c, Status.CREATED, Health.NONE));

        assertThat(up(sample).describe()).isEqualTo("""
                [] -> #1 StartContainer[service=db, name=shop-db-1], exited
                [1] -> #2 AwaitContainer[service=db, name=shop-db-1, condition=HEALTHY, required=true], service_healthy
                [2] -> #3 StartContainer[service=web, name=shop-web-1], created""");
    }

    @Test
    void a_dependency_that_is_not_healthy_yet_is_awaited_before_a_dependent_starts() {
        running(shop(service("db")));

        assertThat(up(shop(service("web").needs("db", Condition.HEALTHY), service("db")))
                        .describe())
                .isEqualTo("""
                [] -> #1 CreateContainer[service=web, number=1, name=shop-web-1, replaces=Optional.empty], not found
                [] -> #2 AwaitContainer[service=db, name=shop-db-1, condition=HEALTHY, required=true], service_healthy
                [1,2] -> #3 StartContainer[service=web, name=shop-web-1], created""");
    }

    @Test
    void an_optional_dependency_is_awaited_without_being_required() {
        var optional = new Dependency(Condition.HEALTHY, false, false);

        assertThat(up(shop(service("web").needs("db", optional).needs("gone", optional), service("db")))
                        .describe())
                .contains("AwaitContainer[service=db, name=shop-db-1, condition=HEALTHY, required=false]");
    }

    @Test
    void scaling_down_removes_what_no_longer_fits_before_the_highest_numbers() {
        running(shop(service("web").scale(3)));
        backend.change("c1", c -> PaperBackend.with(c, Status.DEAD, Health.NONE));

        assertThat(up(shop(service("web").scale(1))).describe()).isEqualTo("""
                [] -> #1 StopContainer[id=c3, name=shop-web-3, grace=Optional.empty], more than wanted
                [1] -> #2 RemoveContainer[id=c3, name=shop-web-3, volumes=false], more than wanted
                [] -> #3 RemoveContainer[id=c1, name=shop-web-1, volumes=false], more than wanted""");
    }

    @Test
    void scaling_up_keeps_what_runs() {
        running(shop(service("web")));

        assertThat(up(shop(service("web").scale(2))).describe()).isEqualTo("""
                [] -> #1 CreateContainer[service=web, number=2, name=shop-web-2, replaces=Optional.empty], not found
                [1] -> #2 StartContainer[service=web, name=shop-web-2], created""");
    }

    @Test
    void a_recreation_that_was_cut_off_after_creating_is_finished() {
        running(shop(service("web")));
        var changed = shop(service("web").hash("h2"));
        backend.run(changed.project(), up(changed).steps(), 1);

        assertThat(up(changed).describe()).isEqualTo("""
                [] -> #1 StopContainer[id=c1, name=shop-web-1, grace=Optional.empty], left by an interrupted recreation
                [1] -> #2 RemoveContainer[id=c1, name=shop-web-1, volumes=false], left by an interrupted recreation
                [2] -> #3 StartContainer[service=web, name=shop-web-1], created""");
    }

    @Test
    void a_recreation_that_was_cut_off_and_then_changed_again_starts_over_from_the_old_container() {
        running(shop(service("web")));
        var changed = shop(service("web").hash("h2"));
        backend.run(changed.project(), up(changed).steps(), 1);

        assertThat(up(shop(service("web").hash("h3"))).describe()).isEqualTo("""
                [] -> #1 RemoveContainer[id=c2, name=shop-web-1, volumes=false], left by an interrupted recreation
                [1] -> #2 CreateContainer[service=web, number=1, name=shop-web-1, replaces=Optional[c1]], configuration changed
                [2] -> #3 StopContainer[id=c1, name=shop-web-1, grace=Optional.empty], configuration changed
                [2,3] -> #4 RemoveContainer[id=c1, name=shop-web-1, volumes=false], configuration changed
                [4] -> #5 StartContainer[service=web, name=shop-web-1], created""");
    }

    @Test
    void an_image_that_is_always_pulled_replaces_its_containers_unless_it_was_pulled_before() {
        var sample = shop(service("web").pull(new PullPolicy.Always()));
        running(sample);
        var planner = new DefaultPlanner();

        assertThat(planner.images(sample.project(), backend.observe(), UpOptions.defaults())
                        .describe())
                .isEqualTo("""
                [] -> #1 PullImage[service=web, image=busybox], pull_policy is always""");
        assertThat(planner.up(
                                sample.project(),
                                backend.observe(),
                                UpOptions.defaults().imagesReady())
                        .describe())
                .isEmpty();
        assertThat(up(sample).describe()).contains("image is made anew");
    }

    @Test
    void a_network_that_was_removed_is_made_again_and_its_containers_with_it() {
        running(shop(service("web")));
        backend.change("c1", c -> PaperBackend.with(c, Status.EXITED, Health.NONE));
        backend.forgetNetwork("shop_default");

        assertThat(up(shop(service("web"))).describe()).isEqualTo("""
                [] -> #1 CreateNetwork[key=default, name=shop_default], not found
                [1] -> #2 CreateContainer[service=web, number=1, name=shop-web-1, replaces=Optional[c1]], network "shop_default" is made anew
                [2] -> #3 RemoveContainer[id=c1, name=shop-web-1, volumes=false], network "shop_default" is made anew
                [3] -> #4 StartContainer[service=web, name=shop-web-1], created""");
    }
}
