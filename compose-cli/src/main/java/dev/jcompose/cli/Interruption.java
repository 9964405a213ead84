package dev.jcompose.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Turns Ctrl-C and SIGTERM into an interrupt of the command's thread, so that the command can end in order. The JVM tells of the first
 * one by running this shutdown hook, which costs nothing until then. Later ones interrupt again, and the third ends the process at once.
 */
final class Interruption implements Runnable {
    private static final int LAST = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Thread command;
    private final CountDownLatch finished = new CountDownLatch(1);
    private final AtomicInteger signals = new AtomicInteger();

    private Interruption(Thread command) {
        this.command = command;
    }

    /** From now on a signal interrupts the calling thread. */
    static Interruption ofThisThread() {
        var interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(new Thread(interruption, "interruption"));
        return interruption;
    }

    /** The command has ended: nothing is left to interrupt. */
    void finish() {
        finished.countDown();
    }

    /** Runs when the JVM begins to shut down: after {@link #finish} or because of a signal. */
    @Override
    public void run() {
        if (finished.getCount() == 0) {
            return;
        }
        signal();
        onLaterSignals("INT");
        onLaterSignals("TERM");
        try {
            if (finished.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(ExitCodes.INTERRUPTED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts a shutdown hook; the JVM ends after it
        }
    }

    private void signal() {
        if (signals.incrementAndGet() >= LAST) {
            Runtime.getRuntime().halt(ExitCodes.INTERRUPTED);
        }
        command.interrupt();
    }

    /** By reflection, since the compiler warns of {@code sun.misc.Signal}, which has no replacement. */
    private void onLaterSignals(String name) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var own = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, args) -> {
                        signal();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), own);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            signals.set(1); // a JVM without it: the first signal was the only one we hear of
        }
    }
}
