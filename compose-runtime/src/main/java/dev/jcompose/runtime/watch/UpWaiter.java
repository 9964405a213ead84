package dev.jcompose.runtime.watch;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.model.Project;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.ContainerFailedException;
import dev.jcompose.runtime.Containers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Waits until a whole project is up: services run, or are healthy when they can tell, and jobs have ended well. */
public final class UpWaiter {
    private static final Duration SETTLING = Duration.ofMillis(500);

    private final Containers containers;
    private final Timekeeper time;
    private final FailureReport failures;

    public UpWaiter(Containers containers, Timekeeper time) {
        this.containers = containers;
        this.time = time;
        this.failures = new FailureReport(containers);
    }

    /**
     * Waits for containers that have been started.
     *
     * @throws ContainerFailedException when one ends, turns unhealthy, or is not ready when the timeout has passed
     */
    public void await(Project project, Collection<ObservedContainer> started, Optional<Duration> timeout)
            throws InterruptedException {
        Set<String> jobs = jobs(project);
        Instant deadline = timeout.map(time.now()::plus).orElse(Instant.MAX);
        List<ObservedContainer> waiting = new ArrayList<>(started);
        Optional<Outcome> outcome = Poll.until(time, deadline, () -> look(waiting, jobs));
        if (outcome.isEmpty()) {
            String names = waiting.stream().map(ObservedContainer::name).collect(joining(", "));
            throw failure("application not healthy after %ds: still waiting for %s"
                    .formatted(timeout.orElse(Duration.ZERO).toSeconds(), names));
        }
        Optional<ObservedContainer> failed = outcome.get().failed();
        if (failed.isPresent()) {
            throw failure(message(failed.get()));
        }
    }

    private enum State {
        WAITING,
        READY,
        FAILED
    }

    /** Waiting is over: all are ready, or one failed. */
    private record Outcome(Optional<ObservedContainer> failed) {}

    private Optional<Outcome> look(List<ObservedContainer> waiting, Set<String> jobs) {
        for (ObservedContainer known : List.copyOf(waiting)) {
            Optional<ObservedContainer> now = containers.inspect(known.id());
            switch (now.map(container -> state(container, jobs)).orElse(State.READY)) {
                case WAITING -> {}
                case READY -> waiting.remove(known);
                case FAILED -> {
                    return Optional.of(new Outcome(now));
                }
            }
        }
        return waiting.isEmpty() ? Optional.of(new Outcome(Optional.empty())) : Optional.empty();
    }

    private State state(ObservedContainer container, Set<String> jobs) {
        boolean job = jobs.contains(container.service());
        return switch (container.status()) {
            case CREATED, RESTARTING -> State.WAITING;
            case EXITED -> job && ContainerWaiter.exitCode(container) == 0 ? State.READY : State.FAILED;
            case DEAD -> State.FAILED;
            case RUNNING, PAUSED -> job ? State.WAITING : health(container);
        };
    }

    private State health(ObservedContainer container) {
        return switch (container.health()) {
            case NONE -> hasSettled(container) ? State.READY : State.WAITING;
            case HEALTHY -> State.READY;
            case STARTING -> State.WAITING;
            case UNHEALTHY -> State.FAILED;
        };
    }

    /** A process that ends at once must not pass for one that runs because we looked too early. */
    private boolean hasSettled(ObservedContainer container) {
        return container
                .started()
                .filter(at -> time.now().isBefore(at.plus(SETTLING)))
                .isEmpty();
    }

    private String message(ObservedContainer container) throws InterruptedException {
        return container.isRunning()
                ? "container %s is unhealthy%s".formatted(container.name(), failures.healthOutput(container))
                : "container %s exited (%d)%s"
                        .formatted(
                                container.name(), ContainerWaiter.exitCode(container), failures.lastLines(container));
    }

    /** Services that another one wants completed. */
    private static Set<String> jobs(Project project) {
        return project.services().values().stream()
                .flatMap(service -> service.lifecycle().dependsOn().entrySet().stream())
                .filter(dependency -> dependency.getValue().condition() == Condition.COMPLETED)
                .map(Map.Entry::getKey)
                .collect(toSet());
    }

    private static ContainerFailedException failure(String message) {
        return new ContainerFailedException(message, 1);
    }
}
