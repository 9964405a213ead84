package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.Images;
import dev.jcompose.runtime.LayerProgress;
import dev.jcompose.runtime.linux.build.ImageBuild;
import dev.jcompose.runtime.linux.build.RunExecutor;
import dev.jcompose.runtime.linux.host.HostImage;
import dev.jcompose.runtime.linux.image.ArchiveLoader;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.image.StoredImage;
import dev.jcompose.runtime.linux.transfer.RegistrySource;
import dev.jcompose.runtime.oci.ImageReference;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The native backend's images: what is in its own store. */
public final class NativeImages implements Images {
    private final ImageStore store;
    private final RegistrySource source;
    private final Optional<RunExecutor> executor;
    private final Predicate<Path> inUse;

    /** {@code inUse} says whether a container needs the layer whose files are in a directory. */
    public NativeImages(ImageStore store, RegistrySource source, Predicate<Path> inUse) {
        this(store, source, Optional.empty(), inUse);
    }

    /** {@code executor} carries out RUN; without it RUN is refused. */
    public NativeImages(
            ImageStore store, RegistrySource source, Optional<RunExecutor> executor, Predicate<Path> inUse) {
        this.store = store;
        this.source = source;
        this.executor = executor;
        this.inUse = inUse;
    }

    @Override
    public void pull(String reference, Optional<String> platform, Consumer<LayerProgress> progress)
            throws InterruptedException {
        source.pull(ImageReference.parse(reference), platform, store, progress);
    }

    @Override
    public void push(String reference, Consumer<LayerProgress> progress) throws InterruptedException {
        source.push(ImageReference.parse(reference), store, progress);
    }

    @Override
    public void build(BuildRequest request, Consumer<String> progress) throws InterruptedException {
        ImageBuild.build(new ImageBuild.Parts(store, source, executor), request, progress);
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
        return names.stream()
                .map(name -> new ImageSummary(
                        name,
                        image.id().toString(),
                        image.size(),
                        image.created(),
                        image.manifest().toString(),
                        image.config().labels()));
    }

    @Override
    public void importPrograms(HostPrograms programs) {
        HostImage.make(store, programs);
    }

    @Override
    public void tag(String reference, String name) {
        store.tag(reference, ImageReference.parse(name));
    }

    @Override
    public String inspect(String reference) {
        return store.inspect(reference);
    }

    @Override
    public List<HistoryStep> history(String reference) {
        return store.history(reference);
    }

    @Override
    public void save(List<String> references, ArchiveForm form, OutputStream out) throws IOException {
        store.save(references, form, out);
    }

    @Override
    public Removed remove(String reference, boolean force) {
        return store.remove(reference, force, inUse);
    }

    @Override
    public Removed prune(boolean all) {
        return store.prune(all, inUse);
    }
}
