package dev.jcompose.runtime.linux.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A lock between threads of this process and other processes. File locks belong to the process, so threads first agree
 * among themselves: the first of several sharing threads takes the file's lock and the last one gives it back.
 */
final class StoreLock {
    private static final long RETRY_NANOS = 2_000_000;

    private final Path file;
    private final ReentrantReadWriteLock threads = new ReentrantReadWriteLock(true);
    private int sharing;
    private Held shared = () -> {};

    StoreLock(Path file) {
        this.file = file;
    }

    /** Gives the lock back. */
    @FunctionalInterface
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    Held exclusive() {
        threads.writeLock().lock();
        boolean done = false;
        try {
            var lock = lockFile(false);
            done = true;
            return () -> {
                try {
                    lock.close();
                } finally {
                    threads.writeLock().unlock();
                }
            };
        } finally {
            if (!done) {
                threads.writeLock().unlock();
            }
        }
    }

    Held shared() {
        threads.readLock().lock();
        boolean done = false;
        try {
            enter();
            done = true;
            return this::leaveShared;
        } finally {
            if (!done) {
                threads.readLock().unlock();
            }
        }
    }

    private void leaveShared() {
        try {
            leave();
        } finally {
            threads.readLock().unlock();
        }
    }

    private synchronized void enter() {
        if (sharing == 0) {
            shared = lockFile(true);
        }
        sharing++;
    }

    private synchronized void leave() {
        if (--sharing == 0) {
            shared.close();
        }
    }

    private Held lockFile(boolean share) {
        try {
            var channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            var lock = lock(channel, share);
            return () -> release(lock, channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another store object of this process may hold it, which Java reports instead of waiting. */
    private static FileLock lock(FileChannel channel, boolean share) throws IOException {
        while (true) {
            try {
                return channel.lock(0, Long.MAX_VALUE, share);
            } catch (OverlappingFileLockException e) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /** An interrupt may have closed the channel, which gave the lock back already. */
    private static void release(FileLock lock, FileChannel channel) {
        try (channel) {
            if (lock.isValid()) {
                lock.release();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
