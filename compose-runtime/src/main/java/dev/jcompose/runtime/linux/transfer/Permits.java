package dev.jcompose.runtime.linux.transfer;

import java.util.concurrent.Semaphore;

/** How much is moved at a time, by all pulls and pushes together. */
final class Permits {
    private final Semaphore free;

    Permits(int number) {
        free = new Semaphore(number, true);
    }

    /** One permit, given back when it is closed. */
    @FunctionalInterface
    interface Permit extends AutoCloseable {
        @Override
        void close();
    }

    Permit take() throws InterruptedException {
        free.acquire();
        return free::release;
    }
}
