package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Images;
import dev.jcompose.runtime.linux.build.ImageBuild;
import dev.jcompose.runtime.linux.build.RunExecutor;
import dev.jcompose.runtime.linux.image.ArchiveLoader;
import dev.jcompose.runtime.linux.image.ImageSource;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.image.StoredImage;
import dev.jcompose.runtime.oci.ImageReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The native backend's images: what is in its own store. */
public final class NativeImages implements Images {
    /** Answers every wish for an image that is not here, until registries are supported. */
    public static final ImageSource NO_REGISTRY = (reference, store, progress) -> {
        throw new BackendException("no such image: " + reference + "; registries are not supported by the native"
                + " backend yet: load it with \"jcompose image load FILE\" or add a build section");
    };

    private final ImageStore store;
    private final ImageSource source;
    private final Optional<RunExecutor> executor;
    private final Predicate<Path> inUse;

    /** {@code inUse} says whether a container needs the layer whose files are in a directory. */
    public NativeImages(ImageStore store, ImageSource source, Predicate<Path> inUse) {
        this(store, source, Optional.empty(), inUse);
    }

    /** {@code executor} carries out RUN; without it RUN is refused. */
    public NativeImages(ImageStore store, ImageSource source, Optional<RunExecutor> executor, Predicate<Path> inUse) {
        this.store = store;
        this.source = source;
        this.executor = executor;
        this.inUse = inUse;
    }

    @Override
    public void pull(String reference, Consumer<String> progress) throws InterruptedException {
        source.fetch(ImageReference.parse(reference), store, progress);
    }

    @Override
    public void build(BuildRequest request, Consumer<String> progress) throws InterruptedException {
        ImageBuild.build(store, source, executor, request, progress);
    }

    @Override
    public List<String> load(Path archive) {
        return new ArchiveLoader(store).load(archive);
    }

    @Override
    public void importRootfs(Path tar, String reference) {
        new ArchiveLoader(store).importRootfs(tar, ImageReference.parse(reference));
    }

    @Override
    public List<ImageSummary> list() {
        return store.list().stream().flatMap(NativeImages::lines).toList();
    }

    private static Stream<ImageSummary> lines(StoredImage image) {
        var names = image.references().isEmpty() ? List.of("<none>") : image.references();
        return names.stream().map(name -> new ImageSummary(name, image.id().toString(), image.size(), image.created()));
    }

    @Override
    public void remove(String reference) {
        store.remove(reference, inUse);
    }
}
