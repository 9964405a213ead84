package dev.jcompose.cli.command;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.AttachRequest;
import dev.jcompose.runtime.Attachment;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.ContainerSpec;
import dev.jcompose.runtime.NotFoundException;
import java.util.List;
import java.util.Optional;

/** A container beside those of a service, from its creation to its end. */
final class OneOffRun {
    /** What the helper says when it has lost the container. */
    private static final int LOST = 125;

    private static final List<Integer> CTRL_P_CTRL_Q = List.of(16, 17);

    private final ProjectWork work;
    private final Backend backend;
    private final ContainerSpec spec;
    private final boolean removed;

    /** {@code removed} when it is to go away with its end. */
    OneOffRun(ProjectWork work, Backend backend, ContainerSpec spec, boolean removed) {
        this.work = work;
        this.backend = backend;
        this.spec = spec;
        this.removed = removed;
    }

    /** Starts it and leaves it; returns its identifier. */
    String inBackground() throws InterruptedException {
        var lock = work.lock(backend, spec.project().name());
        try {
            var id = backend.containers().create(spec);
            start(id);
            return id;
        } finally {
            lock.close();
        }
    }

    /** Starts it with our standard streams and waits for its end; returns its exit code. */
    int inForeground() throws InterruptedException {
        var process = spec.service().process();
        var request = new AttachRequest(process.tty(), process.stdinOpen(), process.tty() ? CTRL_P_CTRL_Q : List.of());
        var lock = work.lock(backend, spec.project().name());
        try {
            var id = backend.containers().create(spec);
            try (var attachment = backend.containers().attach(id, request)) {
                start(id);
                lock.close();
                return end(id, await(id, attachment));
            }
        } finally {
            lock.close();
        }
    }

    private void start(String id) throws InterruptedException {
        try {
            backend.containers().start(id);
        } catch (BackendException e) {
            if (removed) {
                backend.containers().remove(id, true);
            }
            throw e;
        }
    }

    /** Interrupts are the container's; it is stopped when it does not care. */
    private int await(String id, Attachment attachment) throws InterruptedException {
        for (int interrupts = 1; ; interrupts++) {
            try {
                return attachment.await();
            } catch (InterruptedException e) {
                pass(id, interrupts);
            }
        }
    }

    private void pass(String id, int interrupts) throws InterruptedException {
        try {
            if (interrupts == 1) {
                backend.containers().kill(id, "SIGINT");
            } else {
                backend.containers().stop(id, Optional.empty());
            }
        } catch (ConflictException | NotFoundException e) {
            work.report().tell("it has ended meanwhile: " + e.getMessage());
        }
    }

    private int end(String id, int code) throws InterruptedException {
        var now = backend.containers().inspect(id);
        boolean detached = code == 0 && now.filter(ObservedContainer::isRunning).isPresent();
        if (removed && !detached) {
            backend.containers().remove(id, true);
        }
        return code == LOST ? now.map(OneOffRun::exitCode).orElse(code) : code;
    }

    private static int exitCode(ObservedContainer container) {
        return container.exitCode().orElse(LOST);
    }
}
