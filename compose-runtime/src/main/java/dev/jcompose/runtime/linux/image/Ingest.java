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
import java.util.OptionalLong;

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

    /** What is known of a layer before it is read, and must be so. */
    public record Expected(Optional<Digest> blob, Optional<Digest> diffId, OptionalLong size) {
        public static final Expected NOTHING = new Expected(Optional.empty(), Optional.empty());

        public Expected(Optional<Digest> blob, Optional<Digest> diffId) {
            this(blob, diffId, OptionalLong.empty());
        }

        void check(LayerInput.Digests found, long foundSize) {
            if (size.isPresent() && size.getAsLong() != foundSize) {
                throw new BackendException("a layer's blob has " + foundSize + " bytes and not " + size.getAsLong()
                        + ": the archive is damaged or was tampered with");
            }
            if (blob.isPresent() && !blob.get().equals(found.blob())) {
                throw new BackendException("content of blob " + blob.get() + " has digest " + found.blob()
                        + ": the archive is damaged or was tampered with");
            }
            if (diffId.isPresent() && !diffId.get().equals(found.diffId())) {
                throw new BackendException("layer " + diffId.get() + " has the content of " + found.diffId()
                        + ": the image is damaged or was tampered with");
            }
        }
    }

    /** A layer to be taken in: where it comes from, and what it must be. */
    public record Source(Content content, Expected expected) {}

    /** Takes in a layer's tar, perhaps compressed, and unpacks it; reads the content only if it is new. */
    public StoredLayer addLayer(Content content, List<StoredLayer> below, Expected expected) throws IOException {
        return new LayerIntake(blobs, layers)
                .add(List.of(new Source(content, expected)), below)
                .getLast();
    }

    /** Takes in all layers of an image from bottom to top; returns them when all are durable. */
    public List<StoredLayer> addLayers(List<Source> sources) throws IOException {
        return new LayerIntake(blobs, layers).add(sources, List.of());
    }

    /** Writes a layer's tar. */
    @FunctionalInterface
    public interface Writer {
        void write(OutputStream out) throws IOException;
    }

    /** Takes in a layer as it is being written. */
    public StoredLayer writeLayer(Writer writer, List<StoredLayer> below) throws IOException {
        var digest = blobs.write(writer).digest();
        return unpack(digest, below, Optional.of(digest));
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
        return new LayerIntake(blobs, layers).known(blob, below, diffId);
    }

    /** Unpacks a layer, as it comes where it is not there yet. */
    public StoredLayer addLayer(IncomingBlob blob, List<StoredLayer> below, Digest diffId) throws IOException {
        return new LayerIntake(blobs, layers).add(blob, below, diffId);
    }

    private StoredLayer unpack(Digest blob, List<StoredLayer> below, Optional<Digest> diffId) throws IOException {
        return addLayer(() -> blobs.open(blob), below, new Expected(Optional.of(blob), diffId));
    }

    /** Takes in a document that must be what a descriptor says. */
    public byte[] addDocument(Content content, Descriptor expected) throws IOException {
        var digest = expected.digest();
        if (expected.size() < 0 || expected.size() > Blobs.MAX_DOCUMENT) {
            throw new BackendException("document " + digest + " is said to have " + expected.size() + " bytes");
        }
        if (!blobs.has(digest)) {
            try (var in = content.open()) {
                var bytes = in.readNBytes((int) expected.size() + 1);
                if (bytes.length != expected.size() || !Digest.of(bytes).equals(digest)) {
                    throw new BackendException("content of blob " + digest + " has another digest or size than "
                            + "is said: the archive is damaged or was tampered with");
                }
                blobs.add(bytes);
            }
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
