package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.layer.LayerExtractor;
import dev.jcompose.runtime.linux.layer.LayerLimits;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.util.List;
import java.util.Optional;

/**
 * The unpacked layers, shared read-only by all containers. A layer is named by its chain ID, which stands for its content
 * and that of all layers below it; a directory of that name is always complete.
 */
final class Layers {
    private static final int BUFFER = 128 << 10;

    private final StoreFiles files;
    private final LayerLimits limits;

    Layers(StoreFiles files, LayerLimits limits) {
        this.files = files;
        this.limits = limits;
    }

    /**
     * An unpacked layer.
     *
     * @param diffId digest of its tar
     * @param bytes what its files hold
     */
    record Layer(Digest chainId, Digest diffId, Path diff, long bytes) {}

    static Digest chainId(Optional<Layer> below, Digest diffId) {
        return below.map(layer -> Digest.of(layer.chainId() + " " + diffId)).orElse(diffId);
    }

    /** The layer over another one, if it is unpacked. */
    Optional<Layer> find(Optional<Layer> below, Digest diffId) throws IOException {
        var chainId = chainId(below, diffId);
        var directory = files.layer(chainId);
        if (!Files.exists(directory.resolve("meta"))) {
            return Optional.empty();
        }
        var meta = Files.readAllLines(directory.resolve("meta"));
        if (meta.size() < 2 || !meta.getFirst().equals(chainId.toString())) {
            throw new BackendException("layer " + chainId + " cannot be unpacked: " + directory + " is another layer");
        }
        return Optional.of(new Layer(chainId, diffId, directory.resolve("diff"), Long.parseLong(meta.get(1))));
    }

    /**
     * Unpacks a tar over the given layers.
     *
     * @param expected the digest the tar must have, where known
     */
    Layer unpack(InputStream compressed, List<Layer> below, Optional<Digest> expected) throws IOException {
        var unfinished = StoreFiles.unfinished(files.layers());
        try {
            Files.createDirectories(unfinished.resolve("diff"));
            Files.setAttribute(unfinished.resolve("diff"), "unix:mode", 0755); // whatever the caller's umask
            var under = new LayeredFiles(below.stream().map(Layer::diff).toList());
            var tar = new DigestInputStream(Blobs.unpacked(compressed), Digest.sha256());
            var extracted = LayerExtractor.extract(tar, unfinished.resolve("diff"), under, limits);
            drain(tar);
            var diffId = Digest.of(tar.getMessageDigest());
            if (expected.isPresent() && !expected.get().equals(diffId)) {
                throw new BackendException("layer " + expected.get() + " has the content of " + diffId
                        + ": the image is damaged or was tampered with");
            }
            return finish(
                    unfinished, below.isEmpty() ? Optional.empty() : Optional.of(below.getLast()), diffId, extracted);
        } finally {
            StoreFiles.deleteTree(unfinished);
        }
    }

    /** A tar's digest covers what follows its end mark, too. */
    private static void drain(InputStream in) throws IOException {
        var buffer = new byte[BUFFER];
        while (in.read(buffer) >= 0) {}
    }

    private Layer finish(Path unfinished, Optional<Layer> below, Digest diffId, LayerExtractor.Extracted extracted)
            throws IOException {
        var chainId = chainId(below, diffId);
        if (!extracted.opaque().isEmpty()) {
            Files.write(unfinished.resolve(LayeredFiles.OPAQUE_LIST), extracted.opaque());
            StoreFiles.sync(unfinished.resolve(LayeredFiles.OPAQUE_LIST));
        }
        Files.write(unfinished.resolve("meta"), List.of(chainId.toString(), String.valueOf(extracted.bytes())));
        StoreFiles.sync(unfinished.resolve("meta"));
        try {
            Files.move(unfinished, files.layer(chainId), StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) { // perhaps somebody else unpacked the same layer meanwhile
            if (!Files.exists(files.layer(chainId))) {
                throw e;
            }
        }
        return find(below, diffId).orElseThrow();
    }
}
