package dev.jcompose.runtime.linux;

import dev.jcompose.model.Lifecycle;
import dev.jcompose.model.Logging;
import dev.jcompose.model.Networking;
import dev.jcompose.model.ProcessConfig;
import dev.jcompose.model.Project;
import dev.jcompose.model.PullPolicy;
import dev.jcompose.model.Resources;
import dev.jcompose.model.RestartPolicy;
import dev.jcompose.model.Security;
import dev.jcompose.model.Service;
import dev.jcompose.model.Storage;
import dev.jcompose.runtime.ContainerSpec;
import dev.jcompose.runtime.linux.build.RunExecutor.Confinement;
import dev.jcompose.runtime.linux.build.RunExecutor.Step;
import dev.jcompose.runtime.linux.cdi.ContainerEdits;
import dev.jcompose.runtime.linux.image.StoredImage;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A build step in the form of a service, so that the parts of a container's plan can be made for it. */
final class BuildDraft {
    private static final String NAME = "build step";

    private BuildDraft() {}

    static ContainerDraft of(Step step, BuildSlot slot) {
        var project = new Project(
                BuildSlot.PROJECT,
                Path.of("/"),
                List.of(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                Map.of(),
                List.of());
        var image = new StoredImage(
                Digest.of(""), Digest.of(""), List.of(), Instant.EPOCH, 0, ImageConfig.EMPTY, step.layers());
        return new ContainerDraft(
                new ContainerSpec(project, service(step.confinement()), 1, NAME, Optional.empty(), Optional.empty()),
                slot.name() + Identifiers.next().substring(slot.name().length()),
                NAME,
                image,
                new LayeredFiles(step.layers()),
                new ContainerFiles(BuildSlot.PROJECT, slot.name(), slot.directory(), slot.directory()),
                ContainerEdits.NONE);
    }

    private static Service service(Confinement confinement) {
        return new Service(
                NAME,
                Optional.empty(),
                Optional.empty(),
                new PullPolicy.Never(),
                Optional.empty(),
                Optional.empty(),
                1,
                List.of(),
                false,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                process(),
                networking(confinement),
                new Storage(List.of(), false, confinement.shmSize(), List.of(), List.of(), List.of()),
                resources(confinement),
                security(confinement.privileged()),
                lifecycle(),
                new Logging(Optional.empty(), new LinkedHashMap<>()),
                new LinkedHashMap<>(),
                "");
    }

    private static ProcessConfig process() {
        return new ProcessConfig(
                Optional.empty(),
                Optional.empty(),
                new LinkedHashMap<>(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false,
                false,
                false);
    }

    private static Networking networking(Confinement confinement) {
        return new Networking(
                Optional.of(confinement.network()),
                new LinkedHashMap<>(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                confinement.extraHosts(),
                List.of(),
                List.of());
    }

    private static Resources resources(Confinement confinement) {
        return new Resources(
                confinement.memory(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                false,
                new LinkedHashMap<>(confinement.ulimits()),
                Resources.Tuning.NONE);
    }

    private static Security security(boolean privileged) {
        return new Security(
                privileged,
                List.of(),
                List.of(),
                List.of(),
                new LinkedHashMap<>(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    private static Lifecycle lifecycle() {
        return new Lifecycle(
                new LinkedHashMap<>(),
                Optional.empty(),
                new RestartPolicy.Never(),
                Optional.empty(),
                Optional.empty(),
                Lifecycle.Hooks.NONE,
                Lifecycle.Restarts.PLAIN);
    }
}
