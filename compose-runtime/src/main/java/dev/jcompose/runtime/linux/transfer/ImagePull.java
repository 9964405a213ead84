package dev.jcompose.runtime.linux.transfer;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.LayerProgress;
import dev.jcompose.runtime.execute.TaskGroup;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.image.IncomingBlob;
import dev.jcompose.runtime.linux.image.Ingest;
import dev.jcompose.runtime.linux.image.StoredLayer;
import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageDocument;
import dev.jcompose.runtime.oci.ImageIndex;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.oci.Manifest;
import dev.jcompose.runtime.oci.MediaTypes;
import dev.jcompose.runtime.oci.Platform;
import dev.jcompose.runtime.registry.PulledManifest;
import dev.jcompose.runtime.registry.RegistryClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Pulls one image: several layers are downloaded at a time, and unpacked from the lowest up, each while it still comes. Nothing is
 * believed before its digest is checked.
 */
final class ImagePull {
    private static final int MAX_LAYERS = 500;
    private static final long MAX_CONFIG = 16L << 20;
    private static final int MAX_NESTING = 3;

    private final RegistryClient client;
    private final ImageStore store;
    private final SharedWork shared;
    private final Permits permits;

    ImagePull(RegistryClient client, ImageStore store, SharedWork shared, Permits permits) {
        this.client = client;
        this.store = store;
        this.shared = shared;
        this.permits = permits;
    }

    void pull(ImageReference reference, Platform platform, Consumer<LayerProgress> progress)
            throws IOException, InterruptedException {
        var top = reference.digest().isPresent()
                ? client.manifest(reference.digest().get())
                : client.manifest(reference.tag().orElse("latest"));
        var pulled = forPlatform(top, platform, 0);
        var manifest = Manifest.read(pulled.content());
        check(manifest);
        try (var ingest = store.ingest()) {
            var document = ImageDocument.read(config(ingest, manifest.config()));
            check(document, manifest, platform);
            var stack = layers(ingest, manifest.layers(), document.diffIds(), progress);
            ingest.finish(manifest, ingest.addManifest(pulled.content()), stack, List.of(reference));
        }
    }

    private PulledManifest forPlatform(PulledManifest found, Platform platform, int depth) throws InterruptedException {
        if (!MediaTypes.isIndex(found.mediaType())) {
            return found;
        }
        if (depth >= MAX_NESTING) {
            throw new BackendException("its index is nested too deeply: refused");
        }
        var index = ImageIndex.read(found.content());
        var chosen = platform.choose(index)
                .orElseThrow(() -> new BackendException(
                        "there is none for " + platform + ", only for " + String.join(", ", platforms(index))));
        return forPlatform(client.manifest(chosen.digest()), platform, depth + 1);
    }

    private static List<String> platforms(ImageIndex index) {
        var names = index.manifests().stream()
                .filter(manifest ->
                        !manifest.platform().isEmpty() && !manifest.platform().startsWith("unknown"))
                .map(manifest -> manifest.platform() + (manifest.variant().isEmpty() ? "" : "/" + manifest.variant()))
                .distinct()
                .limit(20)
                .toList();
        return names.isEmpty() ? List.of("no platform at all") : names;
    }

    private static void check(Manifest manifest) {
        if (manifest.layers().size() > MAX_LAYERS) {
            throw new BackendException("it has " + manifest.layers().size() + " layers, more than can be mounted ("
                    + MAX_LAYERS + "): refused");
        }
        if (manifest.config().size() < 0 || manifest.config().size() > MAX_CONFIG) {
            throw new BackendException(
                    "its configuration is said to have " + manifest.config().size() + " bytes: refused");
        }
        for (var layer : manifest.layers()) {
            if (layer.size() < 0) {
                throw new BackendException("layer " + layer.digest() + " is said to have no size: refused");
            }
        }
    }

    private static void check(ImageDocument document, Manifest manifest, Platform platform) {
        if (document.diffIds().size() != manifest.layers().size()) {
            throw new BackendException("it has " + manifest.layers().size() + " layers, but its configuration says "
                    + document.diffIds().size() + ": refused");
        }
        if (!platform.accepts(document.os(), document.architecture())) {
            throw new BackendException("it is for " + document.os() + "/" + document.architecture() + ", not for "
                    + platform + " (\"platform:\" and DOCKER_DEFAULT_PLATFORM choose another)");
        }
    }

    private byte[] config(Ingest ingest, Descriptor config) throws IOException, InterruptedException {
        try {
            return ingest.addDocument(() -> client.blob(config), config);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw RegistrySource.interruption(e);
            }
            throw e;
        }
    }

    private List<StoredLayer> layers(
            Ingest ingest, List<Descriptor> blobs, List<Digest> diffIds, Consumer<LayerProgress> progress)
            throws InterruptedException {
        var stack = new ArrayList<StoredLayer>();
        try (var group = new TaskGroup()) {
            var downloads = new ArrayList<LayerDownload>();
            for (var blob : blobs) {
                var download = new LayerDownload(
                        client, blob, ingest.incoming(blob.digest(), blob.size()), new LayerReport(blob, progress));
                downloads.add(download);
                if (!download.incoming().isThere()) {
                    group.fork("download-" + blob.digest().brief(), () -> download.run(shared, permits));
                }
            }
            group.fork("unpack", () -> {
                for (int i = 0; i < downloads.size(); i++) {
                    stack.add(unpack(ingest, downloads.get(i), stack, diffIds.get(i)));
                }
            });
            group.join();
        }
        return stack;
    }

    /** Whoever wants the same layer over the same others meanwhile waits, and finds it unpacked. */
    private StoredLayer unpack(Ingest ingest, LayerDownload download, List<StoredLayer> below, Digest diffId)
            throws InterruptedException {
        IncomingBlob blob = download.incoming();
        var chain = Digest.of((below.isEmpty() ? "" : below.getLast().chainId()) + " " + diffId);
        var turn = shared.await("unpack " + chain);
        try (turn) {
            Optional<StoredLayer> known = ingest.knownLayer(blob.digest(), below, diffId);
            if (known.isPresent()) {
                download.report().finished("Already exists");
                return known.get();
            }
            var layer = ingest.addLayer(blob, below, diffId);
            download.report().finished("Pull complete");
            return layer;
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw RegistrySource.interruption(e);
            }
            if (blob.failure().orElse(e) instanceof RuntimeException cause) {
                throw cause;
            }
            throw new UncheckedIOException(e);
        }
    }
}
