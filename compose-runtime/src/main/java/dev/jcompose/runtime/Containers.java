package dev.jcompose.runtime;

import dev.jcompose.planner.state.ObservedContainer;
import java.time.Duration;
import java.util.Optional;

/** What a backend can do with containers. Identifiers are full ones, as {@link #create} returns them. */
public interface Containers {
    /** Creates a container without starting it and returns its identifier. */
    String create(ContainerSpec spec);

    /** Starts a container; returns once its process runs. Does nothing when it is running. */
    void start(String id) throws InterruptedException;

    /** Asks it to stop by its stop signal and kills it after the grace period; returns once it is stopped. */
    void stop(String id, Optional<Duration> grace) throws InterruptedException;

    /** Sends a signal by name, such as {@code SIGHUP} or {@code HUP} or {@code 1}. */
    void kill(String id, String signal) throws InterruptedException;

    /** Whether it ran before the machine was started again, and its restart policy wants it to run again. */
    boolean resumes(String id);

    /** Freezes all its processes. */
    void pause(String id) throws InterruptedException;

    /** Lets the processes of a paused container go on. */
    void unpause(String id) throws InterruptedException;

    /** Makes an image of a container's file system and settings; returns its identifier. */
    String commit(String id, CommitRequest request) throws InterruptedException;

    /** Removes a container, killing it if it runs, with its anonymous volumes when asked; does nothing when it is gone. */
    void remove(String id, boolean volumes) throws InterruptedException;

    /** The container as it is now, or empty when it is gone. */
    Optional<ObservedContainer> inspect(String id);

    /** The output of its last healthcheck, for messages; empty when there was none. */
    String healthOutput(String id);

    /** Runs a command in a running container with this process's standard streams; returns its exit code. */
    int exec(String id, ExecRequest request) throws InterruptedException;

    /** Whether it has a terminal. */
    boolean hasTerminal(String id);

    /**
     * Connects our standard streams with those of a container that runs, or is about to be started. What it has written before
     * is not repeated.
     */
    Attachment attach(String id, AttachRequest request);

    /** Opens the container's output. */
    LogReader logs(String id);
}
