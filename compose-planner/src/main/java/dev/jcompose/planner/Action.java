package dev.jcompose.planner;

import dev.jcompose.model.Dependency.Condition;
import java.time.Duration;
import java.util.Optional;

/** One atomic change a backend can make. A new kind of change is a new record here, and the compiler lists what to update. */
public sealed interface Action {
    /** Fetches the image of a service. */
    record PullImage(String service, String image) implements Action {}

    /** Gives the image of a service to its registry. */
    record PushImage(String service, String image) implements Action {}

    /** Builds the image of a service. */
    record BuildImage(String service, String image) implements Action {}

    /** Creates a declared network; {@code key} is its name in the project, {@code name} on the backend. */
    record CreateNetwork(String key, String name) implements Action {}

    record RemoveNetwork(String name) implements Action {}

    record CreateVolume(String key, String name) implements Action {}

    record RemoveVolume(String name) implements Action {}

    /**
     * Creates a container of a service.
     *
     * @param name its final name
     * @param replaces the container it takes over from (anonymous volumes carry over), removed by a later step
     */
    record CreateContainer(String service, int number, String name, Optional<String> replaces) implements Action {}

    /** Starts the container of that name. */
    record StartContainer(String service, String name) implements Action {}

    /** Waits until the container of that name has reached a condition; {@code required} false makes failure a warning. */
    record AwaitContainer(String service, String name, Condition condition, boolean required) implements Action {}

    /** Stops a container: its stop signal, then after the grace period (the container's own when empty) SIGKILL. */
    record StopContainer(String id, String name, Optional<Duration> grace) implements Action {}

    /** Sends a signal such as {@code SIGHUP}. */
    record KillContainer(String id, String name, String signal) implements Action {}

    /** Freezes the processes of a container. */
    record PauseContainer(String id, String name) implements Action {}

    /** Lets the processes of a paused container go on. */
    record UnpauseContainer(String id, String name) implements Action {}

    /** Removes a stopped container, with its anonymous volumes when {@code volumes}. */
    record RemoveContainer(String id, String name, boolean volumes) implements Action {}
}
