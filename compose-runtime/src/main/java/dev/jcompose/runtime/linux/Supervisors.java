package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.shim.ControlChannel;
import dev.jcompose.runtime.linux.shim.HelperBinary;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** The channels to the supervisors of the projects one command deals with: one each, opened when first needed. */
final class Supervisors implements AutoCloseable {
    private static final long SWEEP_SECONDS = 30;

    private final NativeLayout layout;
    private final HelperBinary helper;
    private final Map<String, ControlChannel> channels = new ConcurrentHashMap<>();
    private final Queue<Thread> opening = new ConcurrentLinkedQueue<>();

    Supervisors(NativeLayout layout, HelperBinary helper) {
        this.layout = layout;
        this.helper = helper;
    }

    ControlChannel of(String project) {
        return channels.computeIfAbsent(project, this::open);
    }

    /** Begins to open a channel that will soon be needed; starting a supervisor takes a while. */
    void prepare(String project) {
        if (!channels.containsKey(project)) {
            opening.add(Thread.ofPlatform().daemon().name("jcr-opening").start(() -> openQuietly(project)));
        }
    }

    private void openQuietly(String project) {
        try {
            of(project);
        } catch (BackendException e) {
            // Whoever needs the channel tries again, and gets to hear why not.
            channels.remove(project);
        }
    }

    /** Clears what killed processes of ours have left in the kernel. */
    void sweep() {
        try {
            var sweeping = new ProcessBuilder(
                            helper.path().toString(), "sweep", layout.run().toString())
                    .inheritIO()
                    .start();
            if (!sweeping.waitFor(SWEEP_SECONDS, TimeUnit.SECONDS)) {
                sweeping.destroyForcibly(); // whoever keeps it waiting is at work there, and sweeps when done
            }
        } catch (IOException e) {
            throw new BackendException("cannot run " + helper.path() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ControlChannel open(String project) {
        return ControlChannel.open(List.of(
                helper.path().toString(),
                "ctl",
                layout.run().toString(),
                layout.state().toString(),
                project));
    }

    /** The projects whose supervisors were spoken to. */
    Set<String> projects() {
        opening.forEach(Supervisors::join);
        return Set.copyOf(channels.keySet());
    }

    /** Lets go of all supervisors and waits until each has cleared away what nobody needs any more. */
    @Override
    public void close() {
        opening.forEach(Supervisors::join);
        for (var channel : channels.values()) {
            channel.close();
        }
        channels.clear();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
