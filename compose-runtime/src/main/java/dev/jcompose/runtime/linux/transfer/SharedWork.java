package dev.jcompose.runtime.linux.transfer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one of several who want the same thing do it, while the others wait and then find it done. */
final class SharedWork {
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    @FunctionalInterface
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** Waits for the turn to do something; whoever gets it looks first whether it is done. */
    Turn await(String what) throws InterruptedException {
        var lock = locks.computeIfAbsent(what, key -> new ReentrantLock(true));
        lock.lockInterruptibly();
        return lock::unlock;
    }
}
