package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.MediaTypes;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;

/**
 * A layer's content on its way, read only once: what is read is hashed as it is, kept, decompressed and hashed again. A
 * layer that is not compressed needs one digest, since the blob is the tar.
 */
final class LayerInput implements AutoCloseable {
    private static final int BUFFER = 128 << 10;
    private static final long MAX_TRAILER = 64L << 20;

    private final Kept raw;
    private final InputStream tar;
    private final MessageDigest tarDigest;
    private final String type;

    /** Reads {@code raw}, writing all of it to {@code copy}. */
    LayerInput(InputStream raw, OutputStream copy) throws IOException {
        this.raw = new Kept(raw, copy);
        var plain = Blobs.unpacked(this.raw);
        type = Blobs.layerType(plain);
        tar = isCompressed() ? new Kept(plain, OutputStream.nullOutputStream()) : plain;
        tarDigest = tar instanceof Kept kept ? kept.digest : this.raw.digest;
    }

    private boolean isCompressed() {
        return !type.equals(MediaTypes.LAYER);
    }

    /** Hashes, counts and copies what is read, and also what is skipped. */
    private static final class Kept extends FilterInputStream {
        private final OutputStream copy;
        private final MessageDigest digest = Digest.sha256();
        private final byte[] skipped = new byte[BUFFER];
        private long size;

        Kept(InputStream in, OutputStream copy) {
            super(in);
            this.copy = copy;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            if (n > 0) {
                digest.update(buffer, offset, n);
                copy.write(buffer, offset, n);
                size += n;
            }
            return n;
        }

        @Override
        public long skip(long n) throws IOException {
            return Math.max(0, read(skipped, 0, (int) Math.min(n, BUFFER)));
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }

    /** The layer's tar. */
    InputStream tar() {
        return tar;
    }

    /** Reads what follows the tar's end mark: digests cover it, too. */
    void drain() throws IOException {
        drain(tar);
        drain(raw);
    }

    /** Reads the layer without unpacking it. */
    void readAll() throws IOException {
        tar.transferTo(OutputStream.nullOutputStream());
        drain(raw);
    }

    private static void drain(InputStream in) throws IOException {
        var buffer = new byte[BUFFER];
        long drained = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            drained += n;
            if (drained > MAX_TRAILER) {
                throw new BackendException("more than " + MAX_TRAILER + " bytes follow the end of a layer's tar");
            }
        }
    }

    /** Size of the blob, once all is read. */
    long size() {
        return raw.size;
    }

    /** What stands for the blob in a manifest. */
    Descriptor descriptor(Digest blob) {
        return Descriptor.of(type, blob, raw.size);
    }

    /** What was read has these digests, once all is read; to be asked once. */
    Digests digests() {
        var blob = Digest.of(raw.digest);
        return new Digests(blob, isCompressed() ? Digest.of(tarDigest) : blob);
    }

    /** Names of a layer's blob and of its tar. */
    record Digests(Digest blob, Digest diffId) {}

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
