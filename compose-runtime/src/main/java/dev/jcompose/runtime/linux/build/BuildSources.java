package dev.jcompose.runtime.linux.build;

import dev.jcompose.model.BuildMeans;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Dockerfile;
import dev.jcompose.runtime.build.Place;
import dev.jcompose.runtime.linux.image.ArchiveLoader;
import dev.jcompose.runtime.linux.image.ImageSource;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.image.Ingest;
import dev.jcompose.runtime.oci.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What names in FROM and {@code --from} stand for: a named context, a stage, an image. */
final class BuildSources {
    private static final String IMAGE = "docker-image://";
    private static final String LAYOUT = "oci-layout://";

    private final Context context;
    private final BuildMeans means;
    private final Images images;
    private final StageResults stages;
    private final Map<String, String> layouts = new ConcurrentHashMap<>();

    /** The results of stages; asking for one waits until it is there. */
    @FunctionalInterface
    interface StageResults {
        StageResult of(Dockerfile.Stage stage) throws IOException, InterruptedException;
    }

    /**
     * Where images come from.
     *
     * @param pull whether those that are here are fetched again
     */
    record Images(ImageStore store, ImageSource source, Ingest ingest, boolean pull, Consumer<String> progress) {}

    BuildSources(Context context, BuildMeans means, Images images, StageResults stages) {
        this.context = context;
        this.means = means;
        this.images = images;
        this.stages = stages;
    }

    /** Whether a name is given another meaning by the build's own contexts. */
    boolean isNamedContext(String name) {
        return means.contexts().containsKey(name);
    }

    /** The image a stage starts from. */
    StageResult image(Place place, String name) throws IOException, InterruptedException {
        var named = Optional.ofNullable(means.contexts().get(name));
        if (named.filter(source -> !source.contains("://")).isPresent()) {
            throw new BuildException(
                    place,
                    "additional_contexts." + name + " is a directory, which FROM cannot start from: name an image");
        }
        return fetched(place, named.isPresent() ? imageOf(place, name, named.get()) : name);
    }

    private StageResult fetched(Place place, String name) throws IOException, InterruptedException {
        try {
            if (images.pull() || images.store().find(name).isEmpty()) {
                fetch(name);
            }
            var base = images.ingest().base(name);
            return new StageResult(
                    base.document().config(), base.layers(), base.document().history());
        } catch (BackendException e) {
            throw new BuildException(place, String.valueOf(e.getMessage()), e);
        }
    }

    /** An image that cannot be fetched again but is here will do. */
    private void fetch(String name) throws InterruptedException {
        try {
            images.source().fetch(ImageReference.parse(name), images.store(), images.progress());
        } catch (BackendException e) {
            if (images.store().find(name).isEmpty()) {
                throw e;
            }
        }
    }

    private String imageOf(Place place, String name, String source) {
        if (source.startsWith(IMAGE)) {
            return source.substring(IMAGE.length());
        }
        if (source.startsWith(LAYOUT)) {
            return layouts.computeIfAbsent(source, key -> load(place, name, key.substring(LAYOUT.length())));
        }
        throw new BuildException(
                place,
                "additional_contexts." + name + ": \"" + source + "\" is not supported: use a directory, " + IMAGE
                        + ", " + LAYOUT + " or service:");
    }

    private String load(Place place, String name, String path) {
        var directory = Path.of(path.replaceFirst("(:[^/]*|@[^/]*)$", ""));
        var loaded = new ArchiveLoader(images.store()).load(directory);
        if (loaded.isEmpty()) {
            throw new BuildException(place, "additional_contexts." + name + ": no image in " + directory);
        }
        return loaded.getFirst();
    }

    /** The files a name stands for; {@code number} is the stage it is asked in, which sees those before it only. */
    SourceTree tree(Optional<String> from, Place place, int number) throws IOException, InterruptedException {
        if (from.isEmpty()) {
            return context.tree();
        }
        var name = from.get();
        var named = Optional.ofNullable(means.contexts().get(name));
        if (named.filter(source -> !source.contains("://")).isPresent()) {
            return directory(place, name, Path.of(named.get()));
        }
        if (named.isPresent()) {
            return SourceTree.of(image(place, name), "context " + name);
        }
        var earlier = context.dockerfile().stage(name, number);
        if (earlier.isPresent()) {
            return SourceTree.of(
                    stages.of(earlier.get()), "stage " + earlier.get().label());
        }
        return SourceTree.of(fetched(place, name), "image " + name);
    }

    private static SourceTree directory(Place place, String name, Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new BuildException(place, "additional_contexts." + name + ": " + directory + " is not a directory");
        }
        return Context.tree(directory, "the context " + directory);
    }
}
