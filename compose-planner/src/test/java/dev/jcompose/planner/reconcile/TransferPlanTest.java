package dev.jcompose.planner.reconcile;

import static dev.jcompose.planner.testing.ProjectSample.shop;
import static dev.jcompose.planner.testing.ServiceSample.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.model.PullPolicy;
import dev.jcompose.planner.PullOptions;
import dev.jcompose.planner.UpOptions;
import dev.jcompose.planner.state.ObservedProject;
import dev.jcompose.planner.testing.ProjectSample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransferPlanTest {
    private final DefaultPlanner planner = new DefaultPlanner();

    private static ObservedProject observed(Map<String, String> images, Map<String, Duration> ages) {
        return new ObservedProject("shop", List.of(), List.of(), List.of(), images, ages);
    }

    private String pull(ProjectSample sample, boolean withDependencies, boolean ignoreBuildable, String... services) {
        var options = new PullOptions(List.of(services), withDependencies, ignoreBuildable);
        return planner.pull(sample.project(), observed(Map.of("here", "i1"), Map.of()), options)
                .describe();
    }

    @Test
    void each_image_is_pulled_once_unless_its_policy_forbids_it() {
        var sample = shop(
                service("a").image("x").pull(new PullPolicy.Unspecified()),
                service("b").image("x").pull(new PullPolicy.Always()),
                service("c").image("here").pull(new PullPolicy.Missing()),
                service("d").image("gone").pull(new PullPolicy.Missing()),
                service("e").image("y").pull(new PullPolicy.Never()),
                service("f").image("here").pull(new PullPolicy.Unspecified()),
                service("g").built());

        assertThat(pull(sample, false, false)).isEqualTo("""
                [] -> #1 PullImage[service=a, image=x], asked for
                [] -> #2 PullImage[service=d, image=gone], asked for
                [] -> #3 PullImage[service=f, image=here], asked for""");
    }

    @Test
    void dependencies_and_images_that_can_be_built_are_a_matter_of_flags() {
        var sample = shop(
                service("web").image("w").needs("db", Condition.STARTED),
                service("db").image("d"),
                service("app").built().image("a"));

        assertThat(pull(sample, false, false, "web")).isEqualTo("[] -> #1 PullImage[service=web, image=w], asked for");
        assertThat(pull(sample, true, false, "web")).contains("image=d").contains("image=w");
        assertThat(pull(sample, false, false, "app")).contains("image=a");
        assertThat(pull(sample, false, true, "app")).isEmpty();
    }

    @Test
    void what_is_built_under_a_name_is_pushed() {
        var sample = shop(
                service("web").image("w"),
                service("app").built().image("a"),
                service("unnamed").built());

        assertThat(planner.push(sample.project(), List.of(), false).describe())
                .isEqualTo("[] -> #1 PushImage[service=app, image=a], asked for");
    }

    @Test
    void an_image_is_fetched_again_when_it_is_older_than_its_policy_allows() {
        var sample = shop(service("web").pull(new PullPolicy.Every(Duration.ofDays(1))));
        var images = Map.of("busybox", "i1");

        assertThat(images(sample, observed(images, Map.of("busybox", Duration.ofHours(23)))))
                .isEmpty();
        assertThat(images(sample, observed(images, Map.of("busybox", Duration.ofHours(25)))))
                .contains("PullImage[service=web, image=busybox], last fetched longer ago than its pull_policy allows");
        assertThat(images(sample, observed(images, Map.of()))).contains("PullImage");
    }

    private String images(ProjectSample sample, ObservedProject observed) {
        return planner.images(sample.project(), observed, UpOptions.defaults()).describe();
    }
}
