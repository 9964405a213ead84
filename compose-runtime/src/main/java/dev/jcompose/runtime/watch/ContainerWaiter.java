package dev.jcompose.runtime.watch;

import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.ContainerFailedException;
import dev.jcompose.runtime.Containers;
import java.util.Optional;

/** Waits until a container is what those that depend on it need. */
public final class ContainerWaiter {
    private final Containers containers;
    private final Timekeeper time;
    private final FailureReport failures;

    public ContainerWaiter(Containers containers, Timekeeper time) {
        this.containers = containers;
        this.time = time;
        this.failures = new FailureReport(containers);
    }

    /**
     * Waits for a container that has been started.
     *
     * @throws ContainerFailedException when it can no longer get there
     */
    public void await(String id, String name, Condition condition) throws InterruptedException {
        ObservedContainer decided =
                Poll.until(time, () -> Optional.of(inspect(id, name)).filter(now -> isOver(now, condition)));
        switch (condition) {
            case STARTED -> {}
            case HEALTHY -> checkHealthy(decided);
            case COMPLETED -> checkCompleted(decided);
        }
    }

    private ObservedContainer inspect(String id, String name) {
        return containers
                .inspect(id)
                .orElseThrow(() -> new ContainerFailedException(
                        "dependency failed to start: container %s was removed".formatted(name), 1));
    }

    private static boolean isOver(ObservedContainer container, Condition condition) {
        boolean ended = switch (container.status()) {
            case EXITED, DEAD -> true;
            case CREATED, RUNNING, PAUSED, RESTARTING -> false;
        };
        return switch (condition) {
            case STARTED -> ended || container.isRunning();
            case HEALTHY -> ended || (container.isRunning() && isHealthDecided(container));
            case COMPLETED -> ended;
        };
    }

    private static boolean isHealthDecided(ObservedContainer container) {
        return switch (container.health()) {
            case STARTING -> false;
            case NONE, HEALTHY, UNHEALTHY -> true;
        };
    }

    private void checkHealthy(ObservedContainer container) throws InterruptedException {
        String name = container.name();
        if (!container.isRunning()) {
            throw failure("dependency failed to start: container %s exited (%d)%s"
                    .formatted(name, exitCode(container), failures.lastLines(container)));
        }
        switch (container.health()) {
            case HEALTHY, STARTING -> {}
            case UNHEALTHY ->
                throw failure("dependency failed to start: container %s is unhealthy%s"
                        .formatted(name, failures.healthOutput(container)));
            case NONE ->
                throw failure("dependency failed to start: container %s has no healthcheck configured".formatted(name));
        }
    }

    private void checkCompleted(ObservedContainer container) throws InterruptedException {
        int code = exitCode(container);
        if (code != 0) {
            throw failure("service \"%s\" didn't complete successfully: exit %d%s"
                    .formatted(container.service(), code, failures.lastLines(container)));
        }
    }

    static int exitCode(ObservedContainer container) {
        return container.exitCode().orElse(255);
    }

    private static ContainerFailedException failure(String message) {
        return new ContainerFailedException(message, 1);
    }
}
