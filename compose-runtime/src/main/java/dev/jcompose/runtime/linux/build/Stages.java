package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.Dockerfile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Stages being built side by side; who needs another's result waits for it. */
final class Stages {
    private final Map<Integer, FutureTask<StageResult>> tasks = new LinkedHashMap<>();
    private final Map<Integer, Thread> threads = new LinkedHashMap<>();

    /** Builds one stage. */
    @FunctionalInterface
    interface Work {
        StageResult run() throws IOException, InterruptedException;
    }

    /** Starts a stage; those it needs have been started before. */
    synchronized void start(Dockerfile.Stage stage, Work work) {
        var task = new FutureTask<>(work::run);
        tasks.put(stage.number(), task);
        threads.put(
                stage.number(),
                Thread.ofVirtual().name("build-" + stage.label()).start(task));
    }

    private synchronized FutureTask<StageResult> task(Dockerfile.Stage stage) {
        var task = tasks.get(stage.number());
        if (task == null) {
            throw new IllegalStateException("stage " + stage.label() + " was not started");
        }
        return task;
    }

    StageResult await(Dockerfile.Stage stage) throws IOException, InterruptedException {
        return result(task(stage));
    }

    /** Waits for all, or for the first that fails. */
    void awaitAll() throws IOException, InterruptedException {
        for (var task : tasks.values()) {
            result(task);
        }
    }

    /** Ends what still runs. */
    void end() {
        threads.values().forEach(Thread::interrupt);
        for (var thread : threads.values()) {
            joinQuietly(thread);
        }
    }

    private static void joinQuietly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static StageResult result(FutureTask<StageResult> task) throws IOException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (Optional.<Throwable>ofNullable(e.getCause()).orElse(e)) {
                case IOException failure -> throw failure;
                case InterruptedException interruption -> throw interruption;
                case RuntimeException failure -> throw failure;
                case Error error -> throw error;
                default -> throw new IllegalStateException(e);
            }
        }
    }
}
