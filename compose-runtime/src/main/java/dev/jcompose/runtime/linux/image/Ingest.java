package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageDocument;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.oci.Manifest;
import dev.jcompose.runtime.oci.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Images on their way into the store; while it is open, nothing is removed from the store. */
public final class Ingest implements AutoCloseable {
    private final ImageStore store;
    private final StoreFiles files;
    private final Blobs blobs;
    private final Layers layers;
    private final StoreLock.Held held;

    Ingest(ImageStore store, StoreFiles files, Blobs blobs, Layers layers, StoreLock.Held held) {
        this.store = store;
        this.files = files;
        this.blobs = blobs;
        this.layers = layers;
        this.held = held;
    }

    /** Where the content of something comes from, if it is needed. */
    @FunctionalInterface
    public interface Content {
        InputStream open() throws IOException;
    }

    /** The digests a layer must have, as far as they are known. */
    public record Expected(Optional<Digest> blob, Optional<Digest> diffId) {
        public static final Expected NOTHING = new Expected(Optional.empty(), Optional.empty());
    }

    /** Takes in a layer's tar, perhaps compressed, and unpacks it; reads the content only if it is new. */
    public StoredLayer addLayer(Content content, List<StoredLayer> below, Expected expected) throws IOException {
        var known = expected.blob().filter(blobs::has);
        var digest = known.isPresent() ? known.get() : addBlob(content, expected.blob());
        return unpack(digest, below, expected.diffId());
    }

    /** Writes a layer's tar. */
    @FunctionalInterface
    public interface Writer {
        void write(OutputStream out) throws IOException;
    }

    /** Takes in a layer as it is being written. */
    public StoredLayer writeLayer(Writer writer, List<StoredLayer> below) throws IOException {
        var blob = blobs.write(writer);
        return unpack(blob.digest(), below, Optional.of(blob.digest()));
    }

    /** An empty directory on the store's file system that goes away when it is closed. */
    public record Scratch(Path directory) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            StoreFiles.deleteTree(directory);
        }
    }

    public Scratch scratch() throws IOException {
        return new Scratch(Files.createDirectory(StoreFiles.unfinished(store.layersDirectory())));
    }

    /** An image to start from. */
    public record Base(ImageDocument document, List<StoredLayer> layers) {
        public Base {
            layers = List.copyOf(layers);
        }
    }

    /** An image that is in the store. */
    public Base base(String reference) throws IOException {
        var record = store.record(reference);
        var manifest = Manifest.read(blobs.document(record.manifest()));
        var document = ImageDocument.read(blobs.document(record.id()));
        var stack = new ArrayList<StoredLayer>();
        for (int i = 0; i < document.diffIds().size(); i++) {
            var blob = manifest.layers().get(i).digest();
            stack.add(unpack(blob, stack, Optional.of(document.diffIds().get(i))));
        }
        return new Base(document, stack);
    }

    /** A layer whose blob is in the store already, such as that of a build step done before. */
    public Optional<StoredLayer> findLayer(Digest blob, Digest diffId, List<StoredLayer> below) throws IOException {
        return blobs.has(blob) ? Optional.of(unpack(blob, below, Optional.of(diffId))) : Optional.empty();
    }

    /** A blob that is to come. */
    public IncomingBlob incoming(Digest digest, long size) {
        return new IncomingBlob(files, digest, size);
    }

    /** Whether a layer is unpacked and its blob there. */
    public Optional<StoredLayer> knownLayer(Digest blob, List<StoredLayer> below, Digest diffId) throws IOException {
        var under = below.isEmpty() ? Optional.<StoredLayer>empty() : Optional.of(below.getLast());
        var layer = layers.find(under.map(Ingest::unpacked), diffId);
        return layer.isPresent() && blobs.has(blob)
                ? Optional.of(StoredLayer.of(describe(blob), layer.get()))
                : Optional.empty();
    }

    /** Unpacks a layer, as it comes where it is not there yet. */
    public StoredLayer addLayer(IncomingBlob blob, List<StoredLayer> below, Digest diffId) throws IOException {
        var under = below.stream().map(Ingest::unpacked).toList();
        var top = under.isEmpty() ? Optional.<Layers.Layer>empty() : Optional.of(under.getLast());
        var layer = layers.find(top, diffId);
        if (layer.isEmpty()) {
            try (var in = blob.read()) {
                layer = Optional.of(layers.unpack(in, under, Optional.of(diffId)));
            }
        }
        blob.await();
        return StoredLayer.of(describe(blob.digest()), layer.get());
    }

    private static Layers.Layer unpacked(StoredLayer layer) {
        return new Layers.Layer(layer.chainId(), layer.diffId(), layer.diff(), layer.bytes());
    }

    private Descriptor describe(Digest blob) throws IOException {
        return Descriptor.of(blobs.layerType(blob), blob, blobs.size(blob));
    }

    private Digest addBlob(Content content, Optional<Digest> expected) throws IOException {
        try (var in = content.open()) {
            return blobs.add(in, expected).digest();
        }
    }

    private StoredLayer unpack(Digest blob, List<StoredLayer> below, Optional<Digest> diffId) throws IOException {
        var under = below.stream().map(Ingest::unpacked).toList();
        var top = under.isEmpty() ? Optional.<Layers.Layer>empty() : Optional.of(under.getLast());
        Optional<Layers.Layer> layer = diffId.isPresent() ? layers.find(top, diffId.get()) : Optional.empty();
        if (layer.isEmpty()) {
            try (var in = blobs.open(blob)) {
                layer = Optional.of(layers.unpack(in, under, diffId));
            }
        }
        return StoredLayer.of(describe(blob), layer.get());
    }

    /** Takes in a document that must have a digest. */
    public byte[] addDocument(Content content, Digest digest) throws IOException {
        if (!blobs.has(digest)) {
            addBlob(content, Optional.of(digest));
        }
        return blobs.document(digest);
    }

    /** Completes an image of new layers and gives it names. */
    public Digest finish(ImageDocument document, List<StoredLayer> stack, List<ImageReference> names)
            throws IOException {
        return finish(document.write(), stack, names);
    }

    Digest finish(byte[] config, List<StoredLayer> stack, List<ImageReference> names) throws IOException {
        var blob = blobs.add(config);
        var manifest = new Manifest(
                Descriptor.of(MediaTypes.CONFIG, blob.digest(), blob.size()),
                stack.stream().map(StoredLayer::blob).toList());
        return finish(manifest, blobs.add(manifest.write()).digest(), stack, names);
    }

    /** Takes in a manifest as it is. */
    public Digest addManifest(byte[] manifest) throws IOException {
        return blobs.add(manifest).digest();
    }

    /** Completes an image whose manifest and configuration are in the store. */
    public Digest finish(Manifest manifest, Digest manifestDigest, List<StoredLayer> stack, List<ImageReference> names)
            throws IOException {
        var id = manifest.config().digest();
        var document = ImageDocument.read(blobs.document(id));
        if (!document.diffIds().equals(stack.stream().map(StoredLayer::diffId).toList())) {
            throw new BackendException("image " + id + " has other layers than its configuration says");
        }
        var kept = new ArrayList<>(List.of(manifestDigest, id));
        stack.forEach(layer -> kept.add(layer.blob().digest()));
        store.put(new ImageRecord(
                id,
                manifestDigest,
                document.created().orElse(Instant.EPOCH),
                stack.stream().mapToLong(StoredLayer::bytes).sum(),
                document.config(),
                stack.stream().map(StoredLayer::chainId).toList(),
                kept));
        store.name(new References.Target(id, manifestDigest), names);
        return id;
    }

    @Override
    public void close() {
        held.close();
    }
}
