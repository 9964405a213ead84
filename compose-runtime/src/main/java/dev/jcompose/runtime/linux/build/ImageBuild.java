package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Images.BuildRequest;
import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Dockerfile;
import dev.jcompose.runtime.linux.image.ArchiveLoader;
import dev.jcompose.runtime.linux.image.ImageSource;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.image.Ingest;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Builds one image from a Dockerfile, without any engine. */
public final class ImageBuild {
    private final Parts parts;
    private final BuildRequest request;
    private final Consumer<String> progress;
    private final Context context;
    private final Arguments arguments;
    private final Target target;
    private final Stages stages;
    private final RunMounts.Means means;

    /**
     * What builds work with.
     *
     * @param executor runs RUN, which is refused without it
     */
    public record Parts(ImageStore store, ImageSource source, Optional<RunExecutor> executor) {}

    private ImageBuild(Parts parts, BuildRequest request, Consumer<String> progress, Context context) {
        this.parts = parts;
        this.request = request;
        this.progress = progress;
        this.context = context;
        this.arguments = new Arguments(
                context.dockerfile(),
                givenArguments(request),
                request.build().target().orElse("default"));
        this.target = new Target(
                context.dockerfile(),
                arguments,
                request.build().means().contexts().keySet());
        this.stages = new Stages();
        var caches = parts.store().layersDirectory().resolveSibling("caches");
        this.means = new RunMounts.Means(
                new BuildCache(caches),
                new BuildSecrets(request),
                new SshAgents(request.build().means().ssh(), request.environment()));
    }

    /** Builds and names the image. */
    public static void build(Parts parts, BuildRequest request, Consumer<String> progress) throws InterruptedException {
        try (var ingest = parts.store().ingest();
                var context = Context.of(request.reference(), request.build(), ingest)) {
            new ImageBuild(parts, request, progress, context).build(ingest);
        } catch (ClosedByInterruptException e) {
            throw interrupted(e);
        } catch (IOException e) {
            throw new BackendException("cannot build " + request.reference() + ": " + e, e);
        }
    }

    private static InterruptedException interrupted(IOException cause) {
        Thread.interrupted();
        var interruption = new InterruptedException();
        interruption.initCause(cause);
        return interruption;
    }

    /** An argument without a value is taken from the environment, and left out when it is not there. */
    private static Map<String, String> givenArguments(BuildRequest request) {
        var given = new LinkedHashMap<String, String>();
        request.build()
                .args()
                .forEach((name, value) -> value.or(
                                () -> Optional.ofNullable(request.environment().get(name)))
                        .ifPresent(v -> given.put(name, v)));
        return given;
    }

    private void build(Ingest ingest) throws IOException, InterruptedException {
        var needed = target.stages(request.build().target());
        new Refusals(request, parts.executor().isPresent()).check(context.dockerfile(), needed);
        var images = new BuildSources.Images(
                parts.store(), parts.source(), ingest, request.build().pull(), progress);
        var sources = new BuildSources(context, request.build().means(), images, stages::await);
        try {
            for (int number : needed) {
                var stage = context.dockerfile().stages().get(number);
                stages.start(stage, () -> build(stage, needed.size() > 1, sources, ingest));
            }
            stages.awaitAll();
        } finally {
            stages.end();
        }
        var last = context.dockerfile().stages().get(needed.last());
        new ImageResult(request, layerSteps(last, ingest)).finish(stages.await(last), progress);
        if (!arguments.unused().isEmpty()) {
            progress.accept("warning: build arguments that no ARG declares: " + String.join(", ", arguments.unused()));
        }
    }

    private LayerSteps layerSteps(Dockerfile.Stage stage, Ingest ingest) {
        var filter = request.build().means().noCacheFilter();
        boolean named = stage.from().stage().filter(filter::contains).isPresent()
                || filter.contains(Integer.toString(stage.number()));
        return new LayerSteps(
                parts.store(), ingest, request.noCache() || request.build().noCache() || named, now());
    }

    private Instant now() {
        var epoch = arguments
                .sourceDateEpoch()
                .or(() -> Optional.ofNullable(request.environment().get("SOURCE_DATE_EPOCH")));
        return epoch.filter(seconds -> seconds.matches("[0-9]{1,12}"))
                .map(seconds -> Instant.ofEpochSecond(Long.parseLong(seconds)))
                .orElseGet(Instant::now);
    }

    private StageResult build(Dockerfile.Stage stage, boolean several, BuildSources sources, Ingest ingest)
            throws IOException, InterruptedException {
        var steps = new Steps(stage, several, progress);
        var base = base(stage, sources);
        steps.next(stage.from(), false);
        var around = new StageBuild.Surroundings(
                arguments,
                context.dockerfile().escape(),
                layerSteps(stage, ingest),
                steps,
                (from, place) -> sources.tree(from, place, stage.number()),
                parts.executor(),
                new StageBuild.Running(means, new Confining(request)));
        var building = new StageBuild(base, around);
        building.applyTriggers(stage.from().place());
        for (var instruction : stage.instructions()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            building.apply(instruction);
        }
        return building.result();
    }

    private Optional<StageResult> base(Dockerfile.Stage stage, BuildSources sources)
            throws IOException, InterruptedException {
        var earlier = target.base(stage);
        var image = target.image(stage);
        checkPlatform(stage);
        if (earlier.isPresent()) {
            return Optional.of(stages.await(earlier.get()));
        }
        if (image.equals("scratch") && !sources.isNamedContext(image)) {
            return Optional.empty();
        }
        return Optional.of(sources.image(stage.from().place(), image));
    }

    private void checkPlatform(Dockerfile.Stage stage) {
        var here = "linux/" + ArchiveLoader.architecture();
        var wanted = target.platform(stage).orElse(here);
        if (!wanted.isEmpty() && !wanted.equals(here) && !wanted.startsWith(here + "/")) {
            throw new BuildException(
                    stage.from().place(), "platform " + wanted + " is not supported: this machine is " + here);
        }
    }
}
