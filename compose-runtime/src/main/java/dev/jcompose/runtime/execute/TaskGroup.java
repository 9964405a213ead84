package dev.jcompose.runtime.execute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tasks that live and die together, each on a virtual thread of its own. The first failure interrupts the others, and
 * closing leaves none running. What Java calls structured concurrency is still a preview there; this is what we need of it.
 */
public final class TaskGroup implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private Optional<Throwable> failure = Optional.empty();
    private boolean cancelled;

    /** What a task does; interruption is the only way it is told to end. */
    @FunctionalInterface
    public interface Task {
        void run() throws InterruptedException;
    }

    /** Starts a task, which may start others. After a failure nothing is started any more: nobody would wait for it. */
    public synchronized void fork(String name, Task task) {
        if (cancelled) {
            return;
        }
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> run(task));
        threads.add(thread);
        thread.start();
    }

    /** Waits until all tasks have ended, or throws what the first to fail threw. */
    public void join() throws InterruptedException {
        synchronized (this) {
            while (!threads.isEmpty() && !cancelled) {
                wait();
            }
        }
        close();
        rethrow();
    }

    /** Interrupts the tasks that still run and waits until they have ended. */
    @Override
    public void close() {
        boolean interrupted = false;
        synchronized (this) {
            cancel();
            while (!threads.isEmpty()) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Task task) {
        try {
            task.run();
        } catch (Throwable e) { // an Error too: nobody else would hear of it
            fail(e);
        } finally {
            ended();
        }
    }

    private synchronized void fail(Throwable cause) {
        if (!cancelled) {
            failure = Optional.of(cause);
            cancel();
        }
    }

    private synchronized void cancel() {
        cancelled = true;
        threads.forEach(Thread::interrupt);
        notifyAll();
    }

    private synchronized void ended() {
        threads.remove(Thread.currentThread());
        notifyAll();
    }

    private synchronized void rethrow() throws InterruptedException {
        if (failure.isEmpty()) {
            return;
        }
        switch (failure.get()) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case InterruptedException e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }
}
