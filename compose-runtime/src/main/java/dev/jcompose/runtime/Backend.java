package dev.jcompose.runtime;

import dev.jcompose.model.Project;
import dev.jcompose.planner.state.ObservedProject;
import java.util.Collection;
import java.util.List;

/** Something that runs containers. One implementation per package; nothing outside that package knows which one it has. */
public interface Backend extends AutoCloseable {
    /** The word for it on the command line: {@code native} or {@code docker}. */
    String name();

    /**
     * Refuses what this backend cannot do.
     *
     * @throws dev.jcompose.model.problem.InvalidProjectException naming each attribute it does not honour, with its place
     */
    void check(Project project);

    /** One look at a project and at the images asked about. */
    ObservedProject observe(String project, Collection<String> images);

    /** The names of all projects that have something on this backend, sorted. */
    List<String> projects();

    /** Keeps other jcompose commands off a project until closed; waits for them, telling {@code waiting} whom for. */
    Lock lock(String project, WaitListener waiting) throws InterruptedException;

    Containers containers();

    Activity activity();

    Copies copies();

    Images images();

    Networks networks();

    Volumes volumes();

    Disk disk();

    @Override
    void close();

    /** Exclusive use of one project. */
    interface Lock extends AutoCloseable {
        @Override
        void close();
    }

    /** Told once, when a lock is held by another command, such as {@code jcompose up (pid 4711)}. */
    @FunctionalInterface
    interface WaitListener {
        void waitingFor(String owner);
    }
}
