package dev.jcompose.runtime.linux;

import dev.jcompose.model.Security;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.ContainerSpec;
import dev.jcompose.runtime.NotFoundException;
import dev.jcompose.runtime.linux.cdi.ContainerEdits;
import dev.jcompose.runtime.linux.cdi.DeviceSpecs;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Makes containers on disk: directories first, the plan last, so that what was cut off is known by its missing plan. */
final class ContainerCreation {
    private final NativeLayout layout;
    private final ImageStore images;
    private final VolumeStore volumes;
    private final ContainerIndex index;
    private final PlanMaker maker;
    private final InstantSource clock;
    private final Map<String, Siblings> siblings = new ConcurrentHashMap<>();

    ContainerCreation(
            NativeLayout layout, MountPart.Stores stores, ContainerIndex index, PlanMaker maker, InstantSource clock) {
        this.layout = layout;
        this.images = stores.images();
        this.volumes = stores.volumes();
        this.index = index;
        this.maker = maker;
        this.clock = clock;
    }

    /** The identifier of the new container. */
    String create(ContainerSpec spec) {
        requireFreeName(spec);
        var draft = draft(spec, Identifiers.next());
        var replaced = spec.replaces().flatMap(index::find).flatMap(files -> ContainerPlan.read(files.plan()));
        directories(draft.paths());
        var project = spec.project().name();
        var others = siblings.computeIfAbsent(project, key -> new Siblings(index, key));
        try {
            maker.plan(draft, others, replaced, clock.instant())
                    .writeTo(draft.paths().plan());
        } catch (RuntimeException e) {
            NewVolumes.remove(draft.paths(), volumes);
            throw e;
        }
        index.remember(draft.id(), project);
        return draft.id();
    }

    private ContainerDraft draft(ContainerSpec spec, String id) {
        var project = spec.project().name();
        var reference = spec.service().imageOr(project);
        var image = images.find(reference)
                .orElseThrow(() -> new NotFoundException("cannot create container " + spec.name() + ": no such image: "
                        + reference + "; build it, pull it or load it with \"jcompose image load\""));
        return new ContainerDraft(
                spec,
                id,
                reference,
                image,
                new LayeredFiles(image.layers()),
                layout.container(project, id),
                edits(spec.service().security()));
    }

    private static ContainerEdits edits(Security security) {
        boolean described = !security.accelerators().isEmpty()
                || security.devices().stream().anyMatch(DeviceSpecs::isName);
        return described ? DeviceSpecs.ofMachine().edits(security) : ContainerEdits.NONE;
    }

    /** Names made from project and service are unique within the project; a name the user chose must be so everywhere. */
    private void requireFreeName(ContainerSpec spec) {
        if (spec.service().containerName().isEmpty()) {
            return;
        }
        index.byName(spec.name())
                .filter(plan -> spec.replaces().filter(plan.id()::equals).isEmpty())
                .ifPresent(plan -> {
                    throw new ConflictException("container name " + spec.name() + " is in use by project "
                            + plan.project() + "; remove that container or choose another container_name");
                });
    }

    /** The upper directory's mode is what the container's root directory has. */
    private void directories(ContainerFiles paths) {
        FileTrees.createPrivate(layout.projects());
        FileTrees.create(paths.state(), "rwx------");
        FileTrees.create(paths.upper(), "rwxr-xr-x");
        for (var directory : List.of(paths.work(), paths.merged(), paths.log())) {
            FileTrees.createIn(directory);
        }
    }
}
