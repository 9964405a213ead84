package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.oci.Digest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Takes in the layers of one image: several at a time, each read once, all made durable together and named only then,
 * so that a name never stands for something that a crash could take back.
 */
final class LayerIntake {
    private static final int BUFFER = 128 << 10;
    private static final int MAX_LAYERS = 200;
    private static final int WORKERS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);

    private final Blobs blobs;
    private final Layers layers;

    LayerIntake(Blobs blobs, Layers layers) {
        this.blobs = blobs;
        this.layers = layers;
    }

    /**
     * A layer that is here, but perhaps not under its name yet.
     *
     * @param newBlob where its blob is, if it is new
     * @param unpacked where its files are, if they are new
     */
    private record Arrived(
            Descriptor blob, Layers.Layer layer, Optional<Path> newBlob, Optional<Layers.Unpacked> unpacked) {
        Path diff() {
            return unpacked.map(files -> files.directory().resolve("diff")).orElse(layer.diff());
        }
    }

    /** Returns the layers from bottom to top, with those that are below already. */
    List<StoredLayer> add(List<Ingest.Source> sources, List<StoredLayer> below) throws IOException {
        if (sources.size() + below.size() > MAX_LAYERS) {
            throw new BackendException("the image has " + (sources.size() + below.size()) + " layers: one mount takes "
                    + MAX_LAYERS + " at most");
        }
        var arriving = new ArrayList<FutureTask<Arrived>>();
        var chain = below.isEmpty()
                ? Optional.<Digest>empty()
                : Optional.of(below.getLast().chainId());
        for (var source : sources) {
            var under = List.copyOf(arriving);
            var belowThis = chain;
            arriving.add(new FutureTask<>(() -> take(source, belowThis, () -> files(below, under))));
            chain = source.expected().diffId().map(diffId -> Layers.chainId(belowThis, diffId));
        }
        var arrived = new ArrayList<Arrived>();
        try {
            run(arriving);
            for (var layer : arriving) {
                arrived.add(result(layer));
            }
            name(arrived);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            discard(arriving);
        }
        var stack = new ArrayList<>(below);
        arrived.forEach(one -> stack.add(StoredLayer.of(one.blob(), one.layer())));
        return stack;
    }

    private static void checkCount(int count) {
        if (count > MAX_LAYERS) {
            throw new BackendException(
                    "the image has " + count + " layers: one mount takes " + MAX_LAYERS + " at most");
        }
    }

    private static Optional<Digest> chainId(List<StoredLayer> layers) {
        return layers.isEmpty()
                ? Optional.empty()
                : Optional.of(layers.getLast().chainId());
    }

    /** A layer that is unpacked and whose blob is there. */
    Optional<StoredLayer> known(Digest blob, List<StoredLayer> below, Digest diffId) throws IOException {
        var layer = layers.find(chainId(below), diffId);
        return layer.isPresent() && blobs.has(blob)
                ? Optional.of(StoredLayer.of(descriptor(blob), layer.get()))
                : Optional.empty();
    }

    /** Unpacks a layer as its blob comes, which somebody else puts into the store. */
    StoredLayer add(IncomingBlob blob, List<StoredLayer> below, Digest diffId) throws IOException {
        checkCount(below.size() + 1);
        var layer = layers.find(chainId(below), diffId);
        if (layer.isEmpty()) {
            layer = Optional.of(unpack(blob, below, diffId));
        }
        blob.await();
        return StoredLayer.of(descriptor(blob.digest()), layer.get());
    }

    private Layers.Layer unpack(IncomingBlob blob, List<StoredLayer> below, Digest diffId) throws IOException {
        var expected = new Ingest.Expected(Optional.empty(), Optional.of(diffId));
        try (var input = new LayerInput(blob.read(), OutputStream.nullOutputStream())) {
            var unpacked = layers.unpack(input, chainId(below), () -> files(below, List.of()), expected);
            layers.sync();
            layers.name(unpacked);
            return unpacked.layer();
        }
    }

    /** Bottom first, so that a layer that has to look below waits only for what has begun. */
    private static void run(List<FutureTask<Arrived>> arriving) {
        if (arriving.size() == 1) {
            arriving.getFirst().run();
            return;
        }
        try (var threads = Executors.newFixedThreadPool(Math.min(WORKERS, arriving.size()))) {
            arriving.forEach(threads::execute);
        }
    }

    private static Arrived result(Future<Arrived> layer) {
        try {
            return layer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw new UncheckedIOException(cause);
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendException("interrupted while unpacking layers", e);
        }
    }

    private static LayeredFiles files(List<StoredLayer> below, List<FutureTask<Arrived>> under) {
        var directories = new ArrayList<>(below.stream().map(StoredLayer::diff).toList());
        for (var layer : under) {
            directories.add(result(layer).diff());
        }
        return new LayeredFiles(directories);
    }

    private Arrived take(Ingest.Source source, Optional<Digest> below, Supplier<LayeredFiles> under)
            throws IOException {
        var expected = source.expected();
        var known = expected.blob().or(expected::diffId).filter(blobs::has);
        Optional<Layers.Layer> layer = expected.diffId().isPresent()
                ? layers.find(below, expected.diffId().get())
                : Optional.empty();
        if (known.isEmpty()) {
            return read(source, below, under, layer);
        }
        if (layer.isPresent()) {
            return new Arrived(descriptor(known.get()), layer.get(), Optional.empty(), Optional.empty());
        }
        try (var input = new LayerInput(blobs.open(known.get()), OutputStream.nullOutputStream())) {
            return arrived(layers.unpack(input, below, under, expected), Optional.empty());
        }
    }

    private Descriptor descriptor(Digest blob) throws IOException {
        return Descriptor.of(blobs.layerType(blob), blob, blobs.size(blob));
    }

    private static Arrived arrived(Layers.Unpacked unpacked, Optional<Path> newBlob) {
        return new Arrived(unpacked.blob(), unpacked.layer(), newBlob, Optional.of(unpacked));
    }

    /** Keeps what is read as a new blob. */
    private Arrived read(
            Ingest.Source source, Optional<Digest> below, Supplier<LayeredFiles> under, Optional<Layers.Layer> layer)
            throws IOException {
        var blob = blobs.unfinished();
        boolean done = false;
        try (var copy = new BufferedOutputStream(Files.newOutputStream(blob), BUFFER);
                var input = new LayerInput(source.content().open(), copy)) {
            var arrived = layer.isPresent()
                    ? new Arrived(checked(input, source.expected()), layer.get(), Optional.of(blob), Optional.empty())
                    : arrived(layers.unpack(input, below, under, source.expected()), Optional.of(blob));
            done = true;
            return arrived;
        } finally {
            if (!done) {
                Files.deleteIfExists(blob);
            }
        }
    }

    private static Descriptor checked(LayerInput input, Ingest.Expected expected) throws IOException {
        input.readAll();
        var digests = input.digests();
        expected.check(digests, input.size());
        return input.descriptor(digests.blob());
    }

    private void name(List<Arrived> arrived) throws IOException {
        if (arrived.stream()
                .anyMatch(one -> one.newBlob().isPresent() || one.unpacked().isPresent())) {
            layers.sync();
        }
        for (var one : arrived) {
            if (one.newBlob().isPresent()) {
                blobs.name(one.newBlob().get(), one.blob().digest());
            }
            if (one.unpacked().isPresent()) {
                layers.name(one.unpacked().get());
            }
        }
    }

    /** Whatever still has no name will have none. */
    private static void discard(List<FutureTask<Arrived>> arriving) throws IOException {
        for (var layer : arriving) {
            if (layer.state() == Future.State.SUCCESS) {
                if (layer.resultNow().newBlob().isPresent()) {
                    Files.deleteIfExists(layer.resultNow().newBlob().get());
                }
                if (layer.resultNow().unpacked().isPresent()) {
                    StoreFiles.deleteTree(layer.resultNow().unpacked().get().directory());
                }
            }
        }
    }
}
