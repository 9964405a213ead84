package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A blob on its way into the store: one thread writes it, and another may read what has come so far, to unpack it meanwhile.
 * It gets its name in the store once all of it is there and has the right digest and size.
 */
public final class IncomingBlob {
    private static final int BUFFER = 256 << 10;

    private final StoreFiles files;
    private final Digest digest;
    private final long size;
    private Optional<Path> path = Optional.empty();
    private long written;
    private boolean complete;
    private Optional<Exception> failure = Optional.empty();

    IncomingBlob(StoreFiles files, Digest digest, long size) {
        this.files = files;
        this.digest = digest;
        this.size = size;
    }

    public Digest digest() {
        return digest;
    }

    public long size() {
        return size;
    }

    /** Whether the store has it already, from whomever; its readers go on then. */
    public synchronized boolean isThere() {
        if (!complete && Files.exists(files.blob(digest))) {
            path = Optional.of(files.blob(digest));
            finish();
        }
        return complete;
    }

    private void finish() {
        written = size;
        complete = true;
        notifyAll();
    }

    /** Takes in the content; {@code progress} is told how many bytes have come. */
    public void write(InputStream content, LongConsumer progress) throws IOException {
        var temporary = StoreFiles.unfinished(files.blobs());
        try {
            copy(content, temporary, progress);
            StoreFiles.sync(temporary);
            Files.move(temporary, files.blob(digest), StandardCopyOption.ATOMIC_MOVE);
            synchronized (this) {
                path = Optional.of(files.blob(digest));
                finish();
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void copy(InputStream content, Path temporary, LongConsumer progress) throws IOException {
        var sha256 = Digest.sha256();
        var buffer = new byte[BUFFER];
        long count = 0;
        try (var out = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                sha256.update(buffer, 0, read);
                var bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                count += read;
                progress.accept(count);
                tell(temporary, count);
            }
        }
        var found = Digest.of(sha256);
        if (count != size || !found.equals(digest)) {
            throw new BackendException("content of blob " + digest + " has digest " + found
                    + ": it was changed on its way, or the registry lies; refused");
        }
    }

    private synchronized void tell(Path temporary, long count) {
        path = Optional.of(temporary);
        written = count;
        notifyAll();
    }

    /** Lets the readers know that nothing more will come. */
    public synchronized void fail(Exception cause) {
        if (!complete) {
            failure = Optional.of(cause);
            notifyAll();
        }
    }

    /** Why nothing more will come. */
    public synchronized Optional<Exception> failure() {
        return failure;
    }

    /** Waits until all of it is in the store. */
    public void await() throws IOException {
        awaitMore(Long.MAX_VALUE);
    }

    /** How many bytes can be read: more than {@code position}, unless that is the end. */
    private synchronized long awaitMore(long position) throws IOException {
        try {
            while (written <= position && !complete) {
                if (failure.isPresent()) {
                    var cause = failure.get();
                    throw new IOException("blob " + digest + " did not arrive: " + cause.getMessage(), cause);
                }
                wait();
            }
            return written;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var interruption = new InterruptedIOException();
            interruption.initCause(e);
            throw interruption;
        }
    }

    /** The content from its start, as it comes. */
    InputStream read() throws IOException {
        awaitMore(0);
        return new Following(open());
    }

    /** Its name does not change meanwhile. */
    private synchronized FileChannel open() throws IOException {
        return FileChannel.open(path.orElseThrow(), StandardOpenOption.READ);
    }

    private final class Following extends InputStream {
        private final FileChannel file;
        private long position;

        Following(FileChannel file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (position >= size) {
                return -1;
            }
            long there = awaitMore(position) - position;
            int count = file.read(ByteBuffer.wrap(buffer, offset, (int) Math.min(length, there)));
            position += Math.max(0, count);
            return count;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
