package dev.jcompose.runtime.linux.transfer;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.LayerProgress;
import dev.jcompose.runtime.execute.TaskGroup;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.image.StoredManifest;
import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.oci.Manifest;
import dev.jcompose.runtime.oci.MediaTypes;
import dev.jcompose.runtime.registry.RegistryClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Pushes one image: its blobs, several at a time, then its manifest as it is, so that digests stay what they are. */
final class ImagePush {
    private final RegistryClient client;
    private final ImageStore store;
    private final Permits permits;

    ImagePush(RegistryClient client, ImageStore store, Permits permits) {
        this.client = client;
        this.store = store;
        this.permits = permits;
    }

    void push(ImageReference reference, StoredManifest stored, Consumer<LayerProgress> progress)
            throws IOException, InterruptedException {
        var manifest = Manifest.read(stored.content());
        var others = store.repositories(reference, manifest);
        var blobs = new LinkedHashMap<String, Descriptor>();
        for (var layer : manifest.layers()) {
            if (MediaTypes.isForeign(layer.mediaType())) {
                progress.accept(LayerProgress.finished(layer.digest().brief(), "Skipped foreign layer"));
            } else {
                blobs.putIfAbsent(layer.digest().hex(), layer);
            }
        }
        blobs.putIfAbsent(manifest.config().digest().hex(), manifest.config());
        try (var group = new TaskGroup()) {
            for (var blob : blobs.values()) {
                var mountFrom =
                        others.getOrDefault(blob.digest(), List.of()).stream().findFirst();
                group.fork(
                        "upload-" + blob.digest().brief(),
                        () -> upload(blob, mountFrom, new LayerReport(blob, progress)));
            }
            group.join();
        }
        var name = reference.digest().isPresent() && reference.tag().isEmpty()
                ? stored.descriptor().digest().toString()
                : reference.tag().orElse("latest");
        client.push(name, stored.descriptor().mediaType(), stored.content());
    }

    private void upload(Descriptor blob, Optional<String> mountFrom, LayerReport report) throws InterruptedException {
        report.state("Preparing");
        var permit = permits.take();
        try (permit) {
            if (client.has(blob.digest(), mountFrom)) {
                report.finished("Layer already exists");
                return;
            }
            client.upload(blob, () -> store.blob(blob.digest()), bytes -> report.moved("Pushing", bytes));
            report.finished("Pushed");
        } catch (NoSuchFileException e) {
            throw new BackendException(
                    "blob " + blob.digest() + " is missing in the image store: pull the image again", e);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw RegistrySource.interruption(e);
            }
            throw new UncheckedIOException(e);
        }
    }
}
