package dev.jcompose.planner.graph;

import static dev.jcompose.planner.testing.ProjectSample.shop;
import static dev.jcompose.planner.testing.ServiceSample.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.Dependency;
import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.model.problem.ComposeException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceGraphTest {
    private static final Dependency STARTED = new Dependency(Condition.STARTED, false, true);
    private static final Dependency RESTARTING = new Dependency(Condition.STARTED, true, true);

    @Test
    void a_cycle_is_named_in_order() {
        var sample = shop(
                service("front").needs("web", STARTED),
                service("web").needs("db", STARTED),
                service("db").needs("web", STARTED));

        assertThatThrownBy(() -> ServiceGraph.of(sample.project()))
                .isInstanceOf(DependencyCycleException.class)
                .hasMessage("dependency cycle: web -> db -> web");
    }

    @Test
    void a_service_that_needs_itself_is_a_cycle() {
        var sample = shop(service("web").needs("web", STARTED));

        assertThatThrownBy(() -> ServiceGraph.of(sample.project())).hasMessage("dependency cycle: web -> web");
    }

    @Test
    void services_come_after_those_they_need_and_otherwise_in_file_order() {
        var sample = shop(
                service("web").needs("db", STARTED).needs("cache", STARTED),
                service("worker"),
                service("cache"),
                service("db"));

        assertThat(ServiceGraph.of(sample.project()).order()).containsExactly("worker", "cache", "db", "web");
    }

    @Test
    void links_namespaces_and_volumes_of_other_services_are_dependencies_too() {
        var sample = shop(
                service("a").links("d:alias"),
                service("b").networkOf("d"),
                service("c").volumesFrom("d:ro", "container:other"),
                service("d"));

        var graph = ServiceGraph.of(sample.project());

        assertThat(graph.dependentsOf("d")).isEqualTo(Map.of("a", RESTARTING, "b", RESTARTING, "c", STARTED));
        assertThat(graph.withDependencies(List.of("c"))).containsExactly("d", "c");
        assertThat(graph.withRestartedDependents(List.of("d"))).containsExactly("d", "a", "b");
    }

    @Test
    void what_depends_on_says_wins_over_what_is_implied() {
        var healthy = new Dependency(Condition.HEALTHY, false, true);
        var sample = shop(service("a").links("b").needs("b", healthy), service("b"));

        assertThat(ServiceGraph.of(sample.project()).dependenciesOf("a")).isEqualTo(Map.of("b", healthy));
    }

    @Test
    void a_missing_dependency_is_an_error_only_when_it_is_required() {
        var optional = new Dependency(Condition.STARTED, false, false);

        assertThat(ServiceGraph.of(shop(service("web").needs("db", optional)).project())
                        .order())
                .containsExactly("web");
        assertThatThrownBy(() -> ServiceGraph.of(
                        shop(service("web").needs("db", STARTED)).project()))
                .isInstanceOf(ComposeException.class)
                .hasMessage("service \"web\" depends on undefined service \"db\"");
        assertThatThrownBy(() -> ServiceGraph.of(
                        shop(service("web").needs("db", STARTED), service("db").profiles("debug"))
                                .project()))
                .hasMessage("service \"web\" depends on service \"db\", which is not enabled (its profiles: debug)");
    }

    @Test
    void remembered_dependencies_that_close_a_cycle_are_forgotten() {
        var graph = ServiceGraph.remembered(Map.of(
                "a", Map.of("b", STARTED, "gone", STARTED),
                "b", Map.of("a", STARTED)));

        assertThat(graph.order()).hasSize(2);
        assertThat(graph.dependenciesOf("a").size() + graph.dependenciesOf("b").size())
                .isEqualTo(1);
    }
}
