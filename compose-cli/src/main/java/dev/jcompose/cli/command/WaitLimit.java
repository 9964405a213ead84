package dev.jcompose.cli.command;

import static java.util.stream.Collectors.joining;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedContainer.Health;
import dev.jcompose.runtime.ContainerFailedException;
import dev.jcompose.runtime.execute.TaskGroup;
import dev.jcompose.runtime.execute.TaskGroup.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** How long a project may take to come up, from its first start to its last container that is ready. */
record WaitLimit(Duration limit, Supplier<List<ObservedContainer>> containers) {
    /** Does something, and interrupts it when it takes too long. */
    void keep(Task task) throws InterruptedException {
        var done = new CountDownLatch(1);
        try (var group = new TaskGroup()) {
            group.fork("up", () -> {
                try {
                    task.run();
                } finally {
                    done.countDown();
                }
            });
            group.fork("limit", () -> {
                if (!done.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new ContainerFailedException(message(), 1);
                }
            });
            group.join();
        }
    }

    private String message() {
        var late = containers.get().stream()
                .filter(container -> !isReady(container))
                .map(ObservedContainer::name)
                .collect(joining(", "));
        return "application not healthy after %ds: still waiting for %s".formatted(limit.toSeconds(), late);
    }

    private static boolean isReady(ObservedContainer container) {
        return container.isRunning()
                ? container.health() == Health.NONE || container.health() == Health.HEALTHY
                : container.exitCode().orElse(-1) == 0;
    }
}
