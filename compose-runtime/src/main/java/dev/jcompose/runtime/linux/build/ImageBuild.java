package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Images.BuildRequest;
import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Dockerfile;
import dev.jcompose.runtime.build.IgnoreFile;
import dev.jcompose.runtime.build.Instruction;
import dev.jcompose.runtime.build.Place;
import dev.jcompose.runtime.linux.image.ArchiveLoader;
import dev.jcompose.runtime.linux.image.ImageSource;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.image.Ingest;
import dev.jcompose.runtime.linux.image.StoredLayer;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageConfig;
import dev.jcompose.runtime.oci.ImageDocument;
import dev.jcompose.runtime.oci.ImageDocument.History;
import dev.jcompose.runtime.oci.ImageReference;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/** Builds one image from a Dockerfile, without any engine. */
public final class ImageBuild {
    private static final StageResult NOTHING = new StageResult(ImageConfig.EMPTY, List.of(), List.of());

    private final ImageStore store;
    private final ImageSource source;
    private final Optional<RunExecutor> executor;
    private final BuildRequest request;
    private final Consumer<String> progress;
    private final Context context;
    private final Arguments arguments;
    private final Target target;
    private final Map<Integer, StageResult> done = new HashMap<>();

    private ImageBuild(
            ImageStore store,
            ImageSource source,
            Optional<RunExecutor> executor,
            BuildRequest request,
            Consumer<String> progress) {
        this.store = store;
        this.source = source;
        this.executor = executor;
        this.request = request;
        this.progress = progress;
        this.context = Context.of(request.reference(), request.build());
        this.arguments = new Arguments(context.dockerfile(), givenArguments(request));
        this.target = new Target(context.dockerfile(), arguments);
    }

    /** Builds and names the image; {@code executor} runs RUN, which is refused without it. */
    public static void build(
            ImageStore store,
            ImageSource source,
            Optional<RunExecutor> executor,
            BuildRequest request,
            Consumer<String> progress)
            throws InterruptedException {
        try {
            new ImageBuild(store, source, executor, request, progress).build();
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

    private void build() throws IOException, InterruptedException {
        var needed = target.stages(request.build().target());
        var refusals = new Refusals(executor.isPresent());
        for (int number : needed) {
            context.dockerfile().stages().get(number).instructions().forEach(refusals::check);
        }
        try (var ingest = store.ingest()) {
            var layerSteps = new LayerSteps(
                    store, ingest, request.noCache() || request.build().noCache(), now());
            for (int number : needed) {
                var stage = context.dockerfile().stages().get(number);
                done.put(number, build(stage, needed.size() > 1, layerSteps));
            }
            finish(done.getOrDefault(needed.last(), NOTHING), layerSteps);
        }
        if (!arguments.unused().isEmpty()) {
            progress.accept("warning: build arguments that no ARG declares: " + String.join(", ", arguments.unused()));
        }
    }

    private Instant now() {
        var epoch = Optional.ofNullable(request.environment().get("SOURCE_DATE_EPOCH"));
        return epoch.filter(seconds -> seconds.matches("[0-9]{1,12}"))
                .map(seconds -> Instant.ofEpochSecond(Long.parseLong(seconds)))
                .orElseGet(Instant::now);
    }

    private StageResult build(Dockerfile.Stage stage, boolean several, LayerSteps layerSteps)
            throws IOException, InterruptedException {
        var steps = new Steps(stage, several, progress);
        steps.next(stage.from(), false);
        var around = new StageBuild.Surroundings(
                arguments,
                context.dockerfile().escape(),
                layerSteps,
                steps,
                copy -> sources(stage, copy, layerSteps.ingest()),
                executor);
        var building = new StageBuild(base(stage, layerSteps.ingest()), around);
        for (var instruction : stage.instructions()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            building.apply(instruction);
        }
        return building.result();
    }

    private Optional<StageResult> base(Dockerfile.Stage stage, Ingest ingest) throws IOException, InterruptedException {
        var earlier = target.base(stage);
        var image = target.image(stage);
        checkPlatform(stage);
        if (earlier.isPresent()) {
            return Optional.ofNullable(done.get(earlier.get().number()));
        }
        if (image.equals("scratch")) {
            return Optional.empty();
        }
        return Optional.of(image(stage.from().place(), image, ingest));
    }

    private void checkPlatform(Dockerfile.Stage stage) {
        var here = "linux/" + ArchiveLoader.architecture();
        var wanted = target.platform(stage).orElse(here);
        if (!wanted.isEmpty() && !wanted.equals(here) && !wanted.startsWith(here + "/")) {
            throw new BuildException(
                    stage.from().place(), "platform " + wanted + " is not supported: this machine is " + here);
        }
    }

    private StageResult image(Place place, String name, Ingest ingest) throws IOException, InterruptedException {
        try {
            if (store.find(name).isEmpty()) {
                source.fetch(ImageReference.parse(name), store, progress);
            }
        } catch (BackendException e) {
            throw new BuildException(place, String.valueOf(e.getMessage()), e);
        }
        var base = ingest.base(name);
        if (!base.document().config().onBuild().isEmpty()) {
            throw new BuildException(
                    place,
                    "image " + name + " has ONBUILD instructions, which are not supported yet: "
                            + base.document().config().onBuild().getFirst());
        }
        return new StageResult(
                base.document().config(), base.layers(), base.document().history());
    }

    private SourceTree sources(Dockerfile.Stage stage, Instruction.Copy copy, Ingest ingest)
            throws IOException, InterruptedException {
        var from = copy.flag("from");
        if (from.isEmpty()) {
            return context.tree();
        }
        var earlier = context.dockerfile().stage(from.get(), stage.number());
        if (earlier.isPresent()) {
            var result = done.getOrDefault(earlier.get().number(), NOTHING);
            return new SourceTree(
                    result.files(), IgnoreFile.NOTHING, "stage " + earlier.get().label(), true);
        }
        var image = image(copy.place(), from.get(), ingest);
        return new SourceTree(image.files(), IgnoreFile.NOTHING, "image " + from.get(), true);
    }

    private void finish(StageResult result, LayerSteps layerSteps) throws IOException {
        var labels = new LinkedHashMap<>(result.config().labels());
        labels.putAll(request.build().labels());
        labels.putAll(request.labels());
        var undated = document(result, withLabels(result.config(), labels), Optional.empty());
        var created = layerSteps.firstMade(Digest.of(undated.write()));
        var document = document(result, undated.config(), Optional.of(created));
        var names = new ArrayList<>(List.of(ImageReference.parse(request.reference())));
        request.build().tags().forEach(tag -> names.add(ImageReference.parse(tag)));
        var id = layerSteps.ingest().finish(document, result.layers(), names);
        progress.accept("built " + id.brief() + " " + request.reference());
    }

    private static ImageDocument document(StageResult result, ImageConfig config, Optional<Instant> created) {
        return new ImageDocument(
                created,
                ArchiveLoader.architecture(),
                "linux",
                config,
                result.layers().stream().map(StoredLayer::diffId).toList(),
                result.history().stream()
                        .map(h -> new History(
                                h.created().or(() -> created), h.createdBy(), h.emptyLayer(), h.author(), h.comment()))
                        .toList());
    }

    private static ImageConfig withLabels(ImageConfig config, SequencedMap<String, String> labels) {
        return new ImageConfig(
                config.env(),
                config.entrypoint(),
                config.cmd(),
                config.user(),
                config.workingDir(),
                config.exposedPorts(),
                config.volumes(),
                labels,
                config.stopSignal(),
                config.healthcheck(),
                config.shell(),
                config.onBuild());
    }
}
