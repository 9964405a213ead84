package dev.jcompose.runtime.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** What a fake backend was asked to do, and what goes wrong or takes long then. */
public final class Script {
    private final List<String> journal = new ArrayList<>();
    private final Map<String, RuntimeException> failures = new HashMap<>();
    private final Map<String, Gate> gates = new HashMap<>();

    /** Keeps an operation from ending until it is opened. */
    public static final class Gate {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        /** Waits until the operation has begun. */
        public void awaitReached() throws InterruptedException {
            reached.await();
        }

        public void open() {
            open.countDown();
        }
    }

    /** Makes an operation such as {@code start shop-db-1} fail. */
    public synchronized void fail(String operation, RuntimeException failure) {
        failures.put(operation, failure);
    }

    /** Makes an operation such as {@code start shop-db-1} wait. */
    public synchronized Gate hold(String operation) {
        return gates.computeIfAbsent(operation, key -> new Gate());
    }

    /** What happened, in order; an interrupted operation appears with that word behind it. */
    public synchronized List<String> journal() {
        return List.copyOf(journal);
    }

    void happens(String operation) {
        note(operation);
        fail(operation);
    }

    void happensSlowly(String operation) throws InterruptedException {
        note(operation);
        Optional<Gate> gate = gate(operation);
        if (gate.isPresent()) {
            try {
                gate.get().reached.countDown();
                gate.get().open.await();
            } catch (InterruptedException e) {
                note(operation + " interrupted");
                throw e;
            }
        }
        fail(operation);
    }

    private synchronized void note(String operation) {
        journal.add(operation);
    }

    private synchronized Optional<Gate> gate(String operation) {
        return Optional.ofNullable(gates.get(operation));
    }

    private synchronized void fail(String operation) {
        RuntimeException failure = failures.get(operation);
        if (failure != null) {
            throw failure;
        }
    }
}
