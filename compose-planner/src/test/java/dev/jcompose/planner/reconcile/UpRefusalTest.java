package dev.jcompose.planner.reconcile;

import static dev.jcompose.planner.testing.ProjectSample.shop;
import static dev.jcompose.planner.testing.ServiceSample.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.model.Project;
import dev.jcompose.model.PullPolicy;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.UpOptions;
import dev.jcompose.planner.UpOptions.Building;
import dev.jcompose.planner.UpOptions.Recreate;
import dev.jcompose.planner.state.ObservedContainer.Health;
import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.planner.testing.PaperBackend;
import dev.jcompose.planner.testing.ProjectSample;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UpRefusalTest {
    private final PaperBackend backend = new PaperBackend();

    private Plan up(ProjectSample sample, UpOptions options) {
        return new DefaultPlanner().up(sample.project(), backend.observe(), options);
    }

    private void running(ProjectSample sample) {
        Project project = sample.project();
        backend.run(project, up(sample, UpOptions.defaults()));
    }

    private static UpOptions options(
            List<String> services, Map<String, Integer> scale, Recreate recreate, boolean removeOrphans) {
        return new UpOptions(
                services,
                scale,
                recreate,
                false,
                true,
                Building.IF_MISSING,
                true,
                removeOrphans,
                false,
                false,
                false,
                Optional.empty());
    }

    private void refuses(ProjectSample sample, UpOptions options, String message) {
        assertThatThrownBy(() -> up(sample, options))
                .isInstanceOf(ComposeException.class)
                .hasMessage(message);
    }

    @Test
    void an_unknown_service_with_the_nearest_name() {
        var typo = options(List.of("wbe"), Map.of(), Recreate.IF_CHANGED, false);
        var other = options(List.of("database"), Map.of(), Recreate.IF_CHANGED, false);

        refuses(shop(service("web")), typo, "no such service: wbe (did you mean \"web\"?)");
        refuses(shop(service("web")), other, "no such service: database");
    }

    @Test
    void an_external_network_or_volume_that_does_not_exist() {
        refuses(
                shop(service("web").networks("front")).external("front"),
                UpOptions.defaults(),
                "network \"front\" is declared as external, but does not exist: create it first or remove external: true");
        refuses(
                shop(service("web").volumes("data")).external("data"),
                UpOptions.defaults(),
                "volume \"data\" is declared as external, but does not exist: create it first or remove external: true");
    }

    @Test
    void an_external_network_is_only_missed_by_the_services_that_use_it() {
        var sample = shop(service("web").networks("front"), service("db")).external("front");

        assertThat(up(sample, options(List.of("db"), Map.of(), Recreate.IF_CHANGED, false))
                        .steps())
                .isNotEmpty();
    }

    @Test
    void a_service_without_anything_to_run() {
        refuses(
                shop(service("web").withoutImage()),
                UpOptions.defaults(),
                "service \"web\" has neither an image nor a build section");
    }

    @Test
    void a_container_name_for_more_than_one_container() {
        refuses(
                shop(service("web").containerName("shopfront")),
                options(List.of(), Map.of("web", 2), Recreate.IF_CHANGED, false),
                "service \"web\" is to have 2 containers, but its container_name \"shopfront\" can be used once: "
                        + "remove container_name or scale to 1");
    }

    @Test
    void waiting_for_the_health_of_a_service_whose_healthcheck_is_disabled() {
        refuses(
                shop(
                        service("web").needs("db", Condition.HEALTHY),
                        service("db").healthcheckDisabled()),
                UpOptions.defaults(),
                "service \"web\" waits for \"db\" to be healthy, but the healthcheck of \"db\" is disabled");
    }

    @Test
    void a_missing_image_that_is_never_pulled() {
        refuses(
                shop(service("web").image("nginx").pull(new PullPolicy.Never())),
                UpOptions.defaults(),
                "image \"nginx\" of service \"web\" is not here, and its pull_policy is never: load or build it first");
    }

    @Test
    void making_a_network_anew_under_a_running_container_of_nobody() {
        running(shop(service("web"), service("old")));
        var sample = shop(service("web")).hash("default", "n2");

        assertThatThrownBy(() -> up(sample, UpOptions.defaults()))
                .hasMessageStartingWith("network \"shop_default\" has changed")
                .hasMessageContaining("container shop-old-1");
        Plan plan = up(sample, options(List.of(), Map.of(), Recreate.IF_CHANGED, true));
        backend.run(sample.project(), plan);
        assertThat(backend.observe().containers()).hasSize(1);
    }

    @Test
    void orphans_are_told_of_or_removed() {
        running(shop(service("web"), service("old")));
        backend.add(PaperBackend.as(
                PaperBackend.with(backend.observe().containers().getFirst(), Status.EXITED, Health.NONE),
                "c9",
                "shop-web-run-1",
                "web",
                true));
        var sample = shop(service("web"));

        Plan telling = up(sample, UpOptions.defaults());
        assertThat(telling.steps()).isEmpty();
        assertThat(telling.warnings())
                .containsExactly("found orphan containers (shop-old-1, shop-web-run-1) for this project: "
                        + "if their service was removed or renamed, --remove-orphans cleans them up");
        Plan removing = up(sample, options(List.of(), Map.of(), Recreate.IF_CHANGED, true));
        assertThat(removing.warnings()).isEmpty();
        assertThat(removing.describe()).isEqualTo("""
                [] -> #1 StopContainer[id=c2, name=shop-old-1, grace=Optional.empty], orphan
                [1] -> #2 RemoveContainer[id=c2, name=shop-old-1, volumes=false], orphan
                [] -> #3 RemoveContainer[id=c9, name=shop-web-run-1, volumes=false], orphan""");
    }

    @Test
    void what_others_made_is_used_with_a_warning() {
        backend.network("shop_default", "").volume("shop_data", "other");

        Plan plan = up(shop(service("web").volumes("data")), UpOptions.defaults());

        assertThat(plan.warnings())
                .containsExactly(
                        "network \"shop_default\" exists, but was not made for project \"shop\"; it is used as it is",
                        "volume \"shop_data\" exists, but was not made for project \"shop\"; it is used as it is");
    }

    @Test
    void a_changed_volume_keeps_its_data() {
        running(shop(service("web").volumes("data")));

        Plan plan = up(shop(service("web").volumes("data")).hash("data", "v2"), UpOptions.defaults());

        assertThat(plan.steps()).isEmpty();
        assertThat(plan.warnings().getFirst()).contains("would lose its data");
    }

    @Test
    void no_recreate_keeps_changed_containers_but_drops_them_first_when_scaling_down() {
        running(shop(service("web").scale(2)));
        backend.change("c1", c -> PaperBackend.with(c, Status.DEAD, Health.NONE));

        assertThat(up(shop(service("web").scale(1)), options(List.of(), Map.of(), Recreate.NEVER, false))
                        .describe())
                .isEqualTo("[] -> #1 RemoveContainer[id=c1, name=shop-web-1, volumes=false], more than wanted");
    }

    @Test
    void naming_a_service_starts_what_it_needs_and_enables_it() {
        var sample =
                shop(service("debug").profiles("tools").needs("db", Condition.STARTED), service("db"), service("web"));

        Plan plan = up(sample, options(List.of("debug"), Map.of(), Recreate.IF_CHANGED, false));

        assertThat(plan.describe())
                .contains("StartContainer[service=db", "StartContainer[service=debug")
                .doesNotContain("service=web");
    }
}
