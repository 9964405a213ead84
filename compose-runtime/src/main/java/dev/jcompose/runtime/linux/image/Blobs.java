package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.Json;
import dev.jcompose.runtime.oci.MediaTypes;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** The store's blobs, each named by the digest of its content and checked against it on the way in. */
final class Blobs {
    private static final int BUFFER = 128 << 10;
    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
    static final int MAX_DOCUMENT = 4 << 20;

    private final StoreFiles files;

    Blobs(StoreFiles files) {
        this.files = files;
    }

    /** A blob in the store. */
    record Blob(Digest digest, long size) {}

    boolean has(Digest digest) {
        return Files.exists(files.blob(digest));
    }

    long size(Digest digest) {
        try {
            return Files.size(files.blob(digest));
        } catch (IOException e) {
            throw new BackendException("blob " + digest + " is missing in the image store: load the image again", e);
        }
    }

    /** Takes in content that is being written. */
    Blob write(Ingest.Writer writer) throws IOException {
        var temporary = StoreFiles.unfinished(files.blobs());
        try {
            var digest = Digest.sha256();
            try (var out = new DigestOutputStream(
                    new BufferedOutputStream(Files.newOutputStream(temporary), BUFFER), digest)) {
                writer.write(out);
            }
            var blob = new Blob(Digest.of(digest), Files.size(temporary));
            finish(temporary, blob.digest());
            return blob;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Takes in a document. */
    Blob add(byte[] content) throws IOException {
        var digest = Digest.of(content);
        if (!has(digest)) {
            StoreFiles.replace(files.blob(digest), content);
        }
        return new Blob(digest, content.length);
    }

    /** A place for a blob on its way. */
    Path unfinished() {
        return StoreFiles.unfinished(files.blobs());
    }

    /** Gives a blob that is durable its name. */
    void name(Path finished, Digest digest) throws IOException {
        Files.move(finished, files.blob(digest), StandardCopyOption.ATOMIC_MOVE);
    }

    private void finish(Path temporary, Digest digest) throws IOException {
        if (!has(digest)) {
            StoreFiles.sync(temporary);
            Files.move(temporary, files.blob(digest), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** A small blob, checked again: what is on disk may have been damaged. */
    byte[] document(Digest digest) throws IOException {
        if (size(digest) > MAX_DOCUMENT) {
            throw new BackendException("blob " + digest + " is too large to be an image document");
        }
        var content = Files.readAllBytes(files.blob(digest));
        if (!Digest.of(content).equals(digest)) {
            throw new BackendException("blob " + digest + " in the image store is damaged: load the image again");
        }
        return content;
    }

    /** What {@code index.json} says of a manifest; its media type is whichever it has itself. */
    Descriptor manifest(Digest digest) {
        try {
            var type = Json.read(document(digest)).get("mediaType").text().orElse(MediaTypes.MANIFEST);
            return Descriptor.of(type, digest, size(digest));
        } catch (IOException e) {
            throw files.failure(e);
        }
    }

    InputStream open(Digest digest) throws IOException {
        return Files.newInputStream(files.blob(digest));
    }

    /** The media type of a layer's blob, by how it is compressed. */
    String layerType(Digest digest) throws IOException {
        try (var in = open(digest)) {
            var start = in.readNBytes(ZSTD.length);
            return isGzip(start) ? MediaTypes.LAYER_GZIP : isZstd(start) ? MediaTypes.LAYER_ZSTD : MediaTypes.LAYER;
        }
    }

    private static boolean isZstd(byte[] start) {
        return Arrays.equals(start, ZSTD);
    }

    static boolean isGzip(byte[] start) {
        return start.length >= 2 && start[0] == (byte) 0x1f && start[1] == (byte) 0x8b;
    }

    /** The media type of a layer, by what {@link #unpacked} made of its blob. */
    static String layerType(InputStream unpacked) {
        return switch (unpacked) {
            case BufferedInputStream plain -> MediaTypes.LAYER;
            case GZIPInputStream gzip -> MediaTypes.LAYER_GZIP;
            default -> MediaTypes.LAYER_ZSTD;
        };
    }

    /** The content, decompressed if it is compressed by gzip or zstd. */
    static InputStream unpacked(InputStream raw) throws IOException {
        var in = new BufferedInputStream(raw, BUFFER);
        in.mark(ZSTD.length);
        var start = in.readNBytes(ZSTD.length);
        in.reset();
        if (isZstd(start)) {
            return Zstandard.unpacked(in);
        }
        return isGzip(start) ? new GZIPInputStream(in, BUFFER) : in;
    }
}
