package dev.jcompose.runtime.linux;

import dev.jcompose.model.Mount;
import dev.jcompose.model.VolumeConfig;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The service's own mounts: binds, volumes (filled from the image at first use), tmpfs. */
final class MountPart {
    private final ContainerDraft draft;
    private final VolumeStore volumes;
    private final Siblings siblings;
    private final Optional<ContainerPlan> replaced;
    private final ContainerMounts mounts = new ContainerMounts();

    /** {@code replaced} is the plan of the container this one takes over from. */
    MountPart(ContainerDraft draft, VolumeStore volumes, Siblings siblings, Optional<ContainerPlan> replaced) {
        this.draft = draft;
        this.volumes = volumes;
        this.siblings = siblings;
        this.replaced = replaced;
    }

    void addTo(ContainerPlan.Builder plan) {
        var storage = draft.service().storage();
        for (var donor : storage.volumesFrom()) {
            borrow(donor);
        }
        for (var mount : storage.mounts()) {
            switch (mount) {
                case Mount.Bind bind -> bind(bind);
                case Mount.NamedVolume volume -> named(plan, volume);
                case Mount.AnonymousVolume volume ->
                    anonymous(plan, volume.target(), volume.readOnly(), volume.noCopy());
                case Mount.Tmpfs tmpfs -> TmpfsOptions.of(tmpfs).addTo(mounts, tmpfs.target());
                case Mount.Other other -> throw draft.failure("mounts of type " + other.type() + " are not supported");
            }
        }
        for (var target : draft.image().config().volumes()) {
            if (!mounts.has(target)) {
                anonymous(plan, target, false, false);
            }
        }
        mounts.addTo(plan);
    }

    private void bind(Mount.Bind bind) {
        var source = Path.of(bind.source());
        if (!source.isAbsolute()) {
            throw draft.failure("bind source " + source + " is not an absolute path");
        }
        if (!Files.exists(source)) {
            if (!bind.createHostPath()) {
                throw draft.failure("bind source " + source + " does not exist");
            }
            try {
                Files.createDirectories(source);
            } catch (IOException e) {
                throw draft.failure("bind source " + source + " cannot be created: " + DurableFile.reason(e));
            }
        }
        var options =
                ContainerMounts.options(bind.readOnly(), bind.propagation().orElse("rprivate"), "recursive");
        if (!Files.isDirectory(source)) {
            options.add("file");
        }
        mounts.put(bind.target(), "bind", source.toString(), options, "");
    }

    private void named(ContainerPlan.Builder plan, Mount.NamedVolume mount) {
        var config = Optional.ofNullable(draft.project().volumes().get(mount.volume()));
        var name = config.map(VolumeConfig::name).orElse(mount.volume());
        var data = volumes.data(name);
        if (!mount.noCopy() && mount.subpath().isEmpty()) {
            fill(name, mount.target());
        }
        put(mount.target(), inside(data, mount.subpath()), mount.readOnly());
        plan.add("x-volume", name, mount.target());
    }

    private Path inside(Path data, Optional<String> subpath) {
        if (subpath.isEmpty()) {
            return data;
        }
        try {
            var root = data.toRealPath();
            var wanted = root.resolve(subpath.get()).toRealPath();
            if (wanted.startsWith(root)) {
                return wanted;
            }
            throw draft.failure("subpath " + subpath.get() + " leads out of its volume");
        } catch (IOException e) {
            throw draft.failure("subpath " + subpath.get() + " of its volume: " + DurableFile.reason(e));
        }
    }

    private void anonymous(ContainerPlan.Builder plan, String target, boolean readOnly, boolean noCopy) {
        var inherited = replaced.stream()
                .flatMap(old -> old.all("x-anonymous-volume").stream())
                .filter(frame -> frame.text(2).equals(target))
                .map(frame -> frame.text(1))
                .filter(name -> volumes.find(name).isPresent())
                .findFirst();
        var name = inherited.orElseGet(
                () -> volumes.createAnonymous(draft.project().name()));
        if (inherited.isEmpty() && !noCopy) {
            fill(name, target);
        }
        put(target, volumes.data(name), readOnly);
        plan.add("x-anonymous-volume", name, target);
    }

    private void put(String target, Path data, boolean readOnly) {
        mounts.put(target, "volume", data.toString(), ContainerMounts.options(readOnly, "rprivate", "recursive"), "");
    }

    /** A volume nothing was put into yet gets what the image has at its target, owner and mode included. */
    private void fill(String name, String target) {
        if (draft.files()
                .find(target)
                .filter(found -> found.stat().isDirectory())
                .isEmpty()) {
            return;
        }
        siblings.exclusively(
                name, () -> volumes.fill(name, place -> draft.files().copyTree(target, place)));
    }

    /** {@code service[:ro]} or {@code container:name[:ro]}. */
    private void borrow(String text) {
        boolean readOnly = text.endsWith(":ro");
        var donor = text.endsWith(":ro") || text.endsWith(":rw") ? text.substring(0, text.length() - 3) : text;
        var plan = siblings.find(donor.startsWith("container:") ? donor : "service:" + donor)
                .orElseThrow(() -> new BackendException("cannot create container "
                        + draft.spec().name() + ": volumes_from: there is no container of \"" + donor + "\" yet"));
        for (var frame : plan.all("mount")) {
            boolean ours = frame.text(1).equals("bind") || frame.text(1).equals("volume");
            if (ours && !frame.text(3).startsWith("/dev/")) {
                var options = new ArrayList<>(List.of(frame.text(4).split(",", -1)));
                if (readOnly && !options.contains("ro")) {
                    options.addFirst("ro");
                }
                mounts.put(frame.text(3), frame.text(1), frame.text(2), options, "");
            }
        }
    }
}
