package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.CommitRequest;
import dev.jcompose.runtime.linux.build.Amendments;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.layer.LayerWriter;
import dev.jcompose.runtime.linux.layer.UpperDirectory;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.oci.ImageConfig;
import dev.jcompose.runtime.oci.ImageDocument;
import dev.jcompose.runtime.oci.ImageDocument.History;
import dev.jcompose.runtime.oci.ImageReference;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes images of containers: what was written to their file system becomes one more layer. */
final class ContainerCommit {
    private final ImageStore images;

    ContainerCommit(ImageStore images) {
        this.images = images;
    }

    /** The identifier of the new image. */
    String commit(ContainerFiles files, ContainerPlan plan, CommitRequest request) {
        var names = request.reference().map(ImageReference::parse).stream().toList();
        var now = Optional.of(Instant.now());
        try (var ingest = images.ingest()) {
            var base = ingest.base(
                    plan.first("x-image").map(frame -> frame.text(2)).orElse(""));
            var written = UpperDirectory.entries(files.upper());
            var layers = new ArrayList<>(base.layers());
            layers.add(ingest.writeLayer(out -> LayerWriter.write(written, out), base.layers()));
            var history = new ArrayList<>(base.document().history());
            history.add(new History(now, "jcompose commit " + plan.name(), false, request.author(), request.message()));
            var config = Amendments.apply(config(plan, base.document().config()), request.changes());
            var document = new ImageDocument(
                    now,
                    base.document().architecture(),
                    base.document().os(),
                    config,
                    layers.stream().map(layer -> layer.diffId()).toList(),
                    history);
            return ingest.finish(document, layers, names).toString();
        } catch (IOException e) {
            throw new BackendException("cannot make an image of container " + plan.name() + ": " + e.getMessage(), e);
        }
    }

    /** What the container was made with, over what its image says. */
    private static ImageConfig config(ContainerPlan plan, ImageConfig base) {
        var arguments = plan.texts("arg");
        var entrypoint = base.entrypoint();
        boolean same = arguments.size() >= entrypoint.size()
                && arguments.subList(0, entrypoint.size()).equals(entrypoint);
        var labels = new LinkedHashMap<String, String>();
        plan.all("x-label").forEach(frame -> labels.put(frame.text(1), frame.text(2)));
        Set<String> ports = new LinkedHashSet<>(base.exposedPorts());
        ports.addAll(plan.texts("x-expose"));
        return new ImageConfig(
                plan.texts("env").stream()
                        .filter(pair -> !pair.startsWith("HOSTNAME="))
                        .toList(),
                same ? entrypoint : List.of(),
                same ? arguments.subList(entrypoint.size(), arguments.size()) : arguments,
                base.user(),
                plan.text("cwd"),
                List.copyOf(ports),
                base.volumes(),
                labels,
                base.stopSignal(),
                base.healthcheck(),
                base.shell(),
                base.onBuild());
    }
}
