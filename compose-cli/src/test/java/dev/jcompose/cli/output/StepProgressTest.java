package dev.jcompose.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.planner.Action;
import dev.jcompose.planner.Action.AwaitContainer;
import dev.jcompose.planner.Action.BuildImage;
import dev.jcompose.planner.Action.CreateContainer;
import dev.jcompose.planner.Action.CreateNetwork;
import dev.jcompose.planner.Action.PullImage;
import dev.jcompose.planner.Action.RemoveNetwork;
import dev.jcompose.planner.Step;
import dev.jcompose.runtime.LayerProgress;
import dev.jcompose.runtime.execute.StepEvent;
import dev.jcompose.runtime.execute.StepEvent.Failed;
import dev.jcompose.runtime.execute.StepEvent.Finished;
import dev.jcompose.runtime.execute.StepEvent.Moved;
import dev.jcompose.runtime.execute.StepEvent.Started;
import dev.jcompose.runtime.execute.StepEvent.Warned;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StepProgressTest {
    private static final Step NETWORK = step(new CreateNetwork("default", "shop_default"));
    private static final Step CREATE = step(new CreateContainer("web", 1, "shop-web-1", Optional.empty()));
    private static final Step REPLACE = step(new CreateContainer("web", 1, "shop-web-1", Optional.of("abc")));
    private static final Step AWAIT = step(new AwaitContainer("db", "shop-db-1", Condition.HEALTHY, true));
    private static final Step BUILD = step(new BuildImage("web", "shop-web"));
    private static final Step PULL = step(new PullImage("cache", "redis"));
    private static final Step REMOVE = step(new RemoveNetwork("shop_default"));

    private final Screen screen = new Screen();

    @Test
    void plain_progress_uses_docker_composes_words() {
        show(
                new PlainProgress(screen.console().err()),
                new Started(NETWORK),
                new Finished(NETWORK),
                new Started(BUILD),
                new StepEvent.Progress(BUILD, "[1/2] FROM scratch"),
                new Finished(BUILD),
                new Started(CREATE),
                new Finished(CREATE),
                new Started(REPLACE),
                new Finished(REPLACE),
                new Started(AWAIT),
                new Finished(AWAIT));

        assertThat(screen.err()).isEqualTo("""
                 Network shop_default  Creating
                 Network shop_default  Created
                 Image shop-web  Building
                 Image shop-web  [1/2] FROM scratch
                 Image shop-web  Built
                 Container shop-web-1  Creating
                 Container shop-web-1  Created
                 Container shop-web-1  Recreate
                 Container shop-web-1  Recreated
                 Container shop-db-1  Waiting
                 Container shop-db-1  Healthy
                """);
        assertThat(screen.out()).isEmpty();
    }

    @Test
    void a_step_that_warned_is_not_called_done() {
        show(
                new PlainProgress(screen.console().err()),
                new Started(REMOVE),
                new Warned(REMOVE, "still in use by x"),
                new Finished(REMOVE));

        assertThat(screen.err()).isEqualTo("""
                 Network shop_default  Removing
                 Network shop_default  Warning
                Network shop_default: still in use by x
                """);
    }

    @Test
    void json_progress_has_one_object_per_line() {
        show(
                new JsonProgress(screen.console().err()),
                new Started(CREATE),
                new Failed(CREATE, new IllegalStateException("no")));

        assertThat(screen.err()).isEqualTo("""
                {"id":"Container shop-web-1","status":"Working","text":"Creating"}
                {"id":"Container shop-web-1","status":"Error","text":"Error"}
                """);
    }

    @Test
    void quiet_progress_shows_only_what_the_user_must_be_told() {
        show(
                new QuietProgress(screen.console().err()),
                new Started(REMOVE),
                new Warned(REMOVE, "still in use by x"),
                new Finished(REMOVE));

        assertThat(screen.err()).isEqualTo("Network shop_default: still in use by x\n");
    }

    @Test
    void layers_are_told_of_when_they_are_done_and_counted_for_programs() {
        var half = new Moved(PULL, LayerProgress.moving("abc", "Downloading", 5_000_000, 10_000_000));
        var whole = new Moved(PULL, LayerProgress.finished("abc", "Pull complete"));

        show(new PlainProgress(screen.console().err()), new Started(PULL), half, whole, new Finished(PULL));
        show(new JsonProgress(screen.console().err()), half);

        assertThat(screen.err()).isEqualTo("""
                 Image redis  Pulling
                 abc  Pull complete
                 Image redis  Pulled
                {"id":"abc","status":"Working","text":"Downloading","parent_id":"Image redis","current":5000000,"total":10000000,"percent":50}
                """);
    }

    @Test
    void the_live_list_shows_a_bar_for_each_layer() {
        var line = LiveLine.started(LayerProgress.moving("abc", "Downloading", 5_000_000, 10_000_000), 0);

        assertThat(new LiveList("pull", false).drawn(List.of(line), 24, 200, 0))
                .endsWith("abc  Downloading   0.0s  [============>            ] 5MB/10MB\n");
    }

    private static void show(Progress progress, StepEvent... events) {
        try (progress) {
            List.of(events).forEach(new StepProgress(progress));
        }
    }

    private static Step step(Action action) {
        return new Step(1, action, Set.of(), "test");
    }
}
