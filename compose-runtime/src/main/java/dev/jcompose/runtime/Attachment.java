package dev.jcompose.runtime;

/** Our standard streams while they are those of a container. */
public interface Attachment extends AutoCloseable {
    /** Waits until the container's process has ended, or the user has detached; returns its exit code, 0 when detached. */
    int await() throws InterruptedException;

    /** Lets go of the container, which goes on. */
    @Override
    void close();
}
