package dev.jcompose.runtime.linux.shim;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Exclusive use of something among processes; given back by the kernel when its owner dies, so that the text in the file is
 * only for messages. A process must not open a file again while it holds it: closing any
 * descriptor of the file gives the lock back (fcntl(2)).
 */
public final class LockFile implements AutoCloseable {
    private static final int LONGEST_OWNER = 256;

    private final FileChannel channel;

    private LockFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits for the lock. */
    public static LockFile acquire(Path file) {
        var channel = open(file);
        try {
            channel.lock();
            return new LockFile(channel);
        } catch (IOException e) {
            throw closing(channel, new BackendException("cannot lock " + file + ": " + DurableFile.reason(e), e));
        }
    }

    /** The lock, marked with its owner's name; empty when someone else has it. */
    public static Optional<LockFile> tryAcquire(Path file, String owner) {
        var channel = open(file);
        try {
            if (channel.tryLock() == null) {
                channel.close();
                return Optional.empty();
            }
            channel.truncate(0).write(ByteBuffer.wrap(owner.getBytes(UTF_8)), 0);
            return Optional.of(new LockFile(channel));
        } catch (IOException e) {
            throw closing(channel, new BackendException("cannot lock " + file + ": " + DurableFile.reason(e), e));
        }
    }

    /** Who holds it, as it said itself; may be out of date. */
    public static String owner(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LONGEST_OWNER), UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static FileChannel open(Path file) {
        try {
            var parent = file.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new BackendException("cannot open the lock " + file + ": " + DurableFile.reason(e), e);
        }
    }

    private static BackendException closing(FileChannel channel, BackendException failure) {
        try {
            channel.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new BackendException("cannot release a lock: " + DurableFile.reason(e), e);
        }
    }
}
