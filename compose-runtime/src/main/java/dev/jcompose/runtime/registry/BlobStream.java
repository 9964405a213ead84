package dev.jcompose.runtime.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Optional;

/**
 * A blob as it comes from a registry: exactly as long as it is to be, however often the connection breaks on the way. Whether
 * it is the right content is for its reader to check.
 */
final class BlobStream extends InputStream {
    /** Opens the blob from some byte on. */
    @FunctionalInterface
    interface Opener {
        InputStream open(long offset) throws IOException, InterruptedException;
    }

    private final String name;
    private final long size;
    private final Opener opener;
    private final Backoff backoff;
    private Optional<InputStream> in = Optional.empty();
    private long position;
    private int failures;

    BlobStream(String name, long size, Opener opener, Backoff backoff) {
        this.name = name;
        this.size = size;
        this.opener = opener;
        this.backoff = backoff;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        while (position < size) {
            try {
                int count = stream().read(buffer, offset, (int) Math.min(length, size - position));
                if (count > 0) {
                    position += count;
                    failures = 0;
                    return count;
                }
                throw new IOException("the connection ended after " + position + " of " + size + " bytes");
            } catch (IOException e) {
                retry(e);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
        refuseMore();
        return -1;
    }

    private InputStream stream() throws IOException, InterruptedException {
        if (in.isEmpty()) {
            in = Optional.of(opener.open(position));
        }
        return in.get();
    }

    private void retry(IOException cause) throws IOException {
        close();
        try {
            Site.throwInterruption(cause);
            if (!backoff.pause(++failures, Optional.empty())) {
                throw new IOException(
                        name + " was cut off " + failures + " times in a row: " + cause.getMessage()
                                + "; what has come so far is not kept, try again later",
                        cause);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static InterruptedIOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        var interruption = new InterruptedIOException();
        interruption.initCause(cause);
        return interruption;
    }

    private void refuseMore() throws IOException {
        if (in.isPresent()) {
            int more = in.get().read();
            close();
            if (more >= 0) {
                throw new RegistryException(
                        0, name + " is longer than the " + size + " bytes its manifest says: refused");
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (in.isPresent()) {
            var open = in.get();
            in = Optional.empty();
            open.close();
        }
    }
}
