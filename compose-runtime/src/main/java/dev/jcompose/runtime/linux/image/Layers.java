package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.layer.LayerExtractor;
import dev.jcompose.runtime.linux.layer.LayerLimits;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The unpacked layers, shared read-only by all containers. A layer is named by its chain ID, which stands for its content
 * and that of all layers below it; a directory of that name is always complete.
 */
final class Layers {
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

    static Digest chainId(Optional<Digest> below, Digest diffId) {
        return below.map(chain -> Digest.of(chain + " " + diffId)).orElse(diffId);
    }

    /** The layer over another one, if it is unpacked. */
    Optional<Layer> find(Optional<Digest> below, Digest diffId) throws IOException {
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

    /** A layer that is unpacked but does not have its name yet. */
    record Unpacked(Path directory, Layer layer, Descriptor blob) {}

    /**
     * Unpacks content; when it returns, nothing is durable or has its name.
     *
     * @param below the chain ID of the layers under this one
     * @param under their files, asked for only when they matter
     */
    Unpacked unpack(LayerInput input, Optional<Digest> below, Supplier<LayeredFiles> under, Ingest.Expected expected)
            throws IOException {
        var directory = StoreFiles.unfinished(files.layers());
        boolean done = false;
        try {
            Files.createDirectories(directory.resolve("diff"));
            Files.setAttribute(directory.resolve("diff"), "unix:mode", 0755); // whatever the caller's umask
            var extracted = LayerExtractor.extract(input.tar(), directory.resolve("diff"), under, limits);
            input.drain();
            var digests = input.digests();
            expected.check(digests, input.size());
            var chainId = chainId(below, digests.diffId());
            if (!extracted.opaque().isEmpty()) {
                Files.write(directory.resolve(LayeredFiles.OPAQUE_LIST), extracted.opaque());
            }
            Files.write(directory.resolve("meta"), List.of(chainId.toString(), String.valueOf(extracted.bytes())));
            done = true;
            var layer =
                    new Layer(chainId, digests.diffId(), files.layer(chainId).resolve("diff"), extracted.bytes());
            return new Unpacked(directory, layer, input.descriptor(digests.blob()));
        } finally {
            if (!done) {
                StoreFiles.deleteTree(directory);
            }
        }
    }

    /** Makes all that was written durable. */
    void sync() throws IOException {
        LayerExtractor.sync(files.layers());
    }

    /** Gives an unpacked layer that is durable its name. */
    void name(Unpacked unpacked) throws IOException {
        var home = files.layer(unpacked.layer().chainId());
        try {
            Files.move(unpacked.directory(), home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) { // perhaps somebody else unpacked the same layer meanwhile
            if (!Files.exists(home)) {
                throw e;
            }
            StoreFiles.deleteTree(unpacked.directory());
        }
    }
}
