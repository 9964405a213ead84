package dev.jcompose.runtime.linux.transfer;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.LayerProgress;
import dev.jcompose.runtime.NotFoundException;
import dev.jcompose.runtime.linux.image.ImageSource;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.oci.Platform;
import dev.jcompose.runtime.registry.Registries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Pulls images from registries and pushes them there. All pulls of one source share what they download. */
public final class RegistrySource implements ImageSource {
    private static final String FROM_A_FILE = "\nan image that lies in a file is taken in by: jcompose image load FILE";

    private final Supplier<Registries> opener;
    private final SharedWork shared = new SharedWork();
    private Optional<Opened> opened = Optional.empty();

    private record Opened(Registries registries, Permits permits) {}

    /** {@code opener} reads the settings when the first registry is needed. */
    public RegistrySource(Supplier<Registries> opener) {
        this.opener = opener;
    }

    private synchronized Opened opened() {
        if (opened.isEmpty()) {
            var registries = opener.get();
            opened = Optional.of(new Opened(registries, new Permits(registries.parallel())));
        }
        return opened.get();
    }

    @Override
    public void fetch(ImageReference reference, ImageStore store, Consumer<String> progress)
            throws InterruptedException {
        pull(reference, Optional.empty(), store, layer -> {
            if (layer.finished()) {
                progress.accept("layer " + layer.layer() + " " + layer.state().toLowerCase(Locale.ROOT));
            }
        });
    }

    /** Fetches an image for a platform into the store. */
    public void pull(
            ImageReference reference, Optional<String> platform, ImageStore store, Consumer<LayerProgress> progress)
            throws InterruptedException {
        try {
            var with = opened();
            var wanted = platform.map(Platform::parse).orElseGet(with.registries()::platform);
            var client = with.registries().repository(reference);
            new ImagePull(client, store, shared, with.permits()).pull(reference, wanted, progress);
        } catch (BackendException e) {
            throw new BackendException("cannot pull " + reference + ": " + e.getMessage() + FROM_A_FILE, e);
        } catch (IOException | UncheckedIOException e) {
            throw failed("pull", reference, e);
        }
    }

    /** Gives an image of the store to its registry. */
    public void push(ImageReference reference, ImageStore store, Consumer<LayerProgress> progress)
            throws InterruptedException {
        var manifest = store.manifest(reference.full())
                .orElseThrow(() -> new NotFoundException("cannot push " + reference
                        + ": no such image on this machine; build, load or tag it under that name first"));
        try {
            var with = opened();
            var client = with.registries().repository(reference);
            new ImagePush(client, store, with.permits()).push(reference, manifest, progress);
        } catch (BackendException e) {
            throw new BackendException("cannot push " + reference + ": " + e.getMessage(), e);
        } catch (IOException | UncheckedIOException e) {
            throw failed("push", reference, e);
        }
    }

    private static BackendException failed(String action, ImageReference reference, Exception e)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw interruption(e);
        }
        var reason = e instanceof UncheckedIOException && e.getCause() instanceof IOException inner ? inner : e;
        return new BackendException("cannot " + action + " " + reference + ": " + reason.getMessage(), e);
    }

    static InterruptedException interruption(Exception cause) {
        var interruption = new InterruptedException();
        interruption.initCause(cause);
        return interruption;
    }
}
