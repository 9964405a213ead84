package dev.jcompose.runtime.linux;

import dev.jcompose.model.Mount;
import dev.jcompose.model.VolumeConfig;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.cdi.ContainerEdits;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The service's own mounts: binds, volumes (filled from the image at first use), tmpfs. */
final class MountPart {
    private static final Set<String> BORROWED = Set.of("bind", "volume", "image");

    private final ContainerDraft draft;
    private final VolumeStore volumes;
    private final ImageStore images;
    private final Path layers;
    private final Siblings siblings;
    private final Optional<ContainerPlan> replaced;
    private final ContainerMounts mounts = new ContainerMounts();

    /** {@code replaced} is the plan of the container this one takes over from. */
    MountPart(ContainerDraft draft, Stores stores, Siblings siblings, Optional<ContainerPlan> replaced) {
        this.draft = draft;
        this.volumes = stores.volumes();
        this.images = stores.images();
        this.layers = images.layersDirectory();
        this.siblings = siblings;
        this.replaced = replaced;
    }

    /** Where data comes from. */
    record Stores(VolumeStore volumes, ImageStore images) {}

    void addTo(ContainerPlan.Builder plan) {
        var storage = draft.service().storage();
        for (var donor : storage.volumesFrom()) {
            borrow(plan, donor);
        }
        for (var mount : storage.mounts()) {
            switch (mount) {
                case Mount.Bind bind -> bind(bind);
                case Mount.NamedVolume volume -> named(plan, volume);
                case Mount.AnonymousVolume volume ->
                    anonymous(plan, volume.target(), volume.readOnly(), volume.noCopy());
                case Mount.Tmpfs tmpfs -> TmpfsOptions.of(tmpfs).addTo(mounts, tmpfs.target());
                case Mount.Image image -> image(plan, image);
                case Mount.Other other -> throw draft.failure("mounts of type " + other.type() + " are not supported");
            }
        }
        for (var mount : draft.edits().mounts()) {
            described(mount);
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
                ContainerMounts.options(bind.readOnly(), bind.propagation().orElse("rprivate"));
        switch (bind.recursive().orElse("enabled")) {
            case "disabled" -> {}
            case "writable" -> options.addAll(List.of("recursive", "top"));
            default -> options.add("recursive");
        }
        if (!Files.isDirectory(source)) {
            options.add("file");
        }
        mounts.put(bind.target(), "bind", source.toString(), options, owner(bind, source));
    }

    /** {@code owner=<host uid>:<host gid>:<uid>:<gid>}: the source's owner and as whom it shows in the container. */
    private String owner(Mount.Bind bind, Path source) {
        if (bind.owner().isEmpty()) {
            return "";
        }
        var shown = OwnerMapping.parse(bind.owner().get()).orElseThrow();
        try {
            return "owner=" + Files.getAttribute(source, "unix:uid") + ":" + Files.getAttribute(source, "unix:gid")
                    + ":" + shown.uid() + ":" + shown.gid();
        } catch (IOException e) {
            throw draft.failure("bind source " + source + ": " + DurableFile.reason(e));
        }
    }

    private void described(ContainerEdits.HostMount mount) {
        var options = ContainerMounts.options(mount.options().contains("ro"), "rprivate", "recursive");
        if (!Files.isDirectory(Path.of(mount.hostPath()))) {
            options.add("file");
        }
        mounts.put(mount.path(), "bind", mount.hostPath(), options, "");
    }

    private void image(ContainerPlan.Builder plan, Mount.Image mount) {
        var image = images.find(mount.image())
                .orElseThrow(() -> draft.failure(
                        "no such image: " + mount.image() + "; pull it or load it with \"jcompose image load\""));
        var names = image.layers().reversed().stream()
                .map(layer -> layers.relativize(layer).toString())
                .toList();
        mounts.put(mount.target(), "image", String.join(":", names), List.of("ro"), subpath(mount.subpath()));
        plan.addAll("x-layer", names);
    }

    private static String subpath(Optional<String> path) {
        return path.map(text -> "subpath=" + text).orElse("");
    }

    private void named(ContainerPlan.Builder plan, Mount.NamedVolume mount) {
        var config = Optional.ofNullable(draft.project().volumes().get(mount.volume()));
        var name = config.map(VolumeConfig::name).orElse(mount.volume());
        var data = volumes.data(name);
        if (!mount.noCopy() && mount.subpath().isEmpty()) {
            fill(name, mount.target());
        }
        var device = volumes.require(name).device();
        put(mount.target(), data, mount.readOnly() || (device.isBind() && device.isReadOnly()), mount.subpath());
        if (device.isMounted()) {
            plan.add("volume-device", data.toString(), device.type(), device.device(), device.options());
        }
        plan.add("x-volume", name, mount.target());
    }

    private void anonymous(ContainerPlan.Builder plan, String target, boolean readOnly, boolean noCopy) {
        var inherited = replaced.stream()
                .flatMap(old -> old.all("x-anonymous-volume").stream())
                .filter(frame -> frame.text(2).equals(target))
                .map(frame -> frame.text(1))
                .filter(name -> volumes.find(name).isPresent())
                .findFirst();
        var name = inherited.orElseGet(this::createAnonymous);
        if (inherited.isEmpty() && !noCopy) {
            fill(name, target);
        }
        put(target, volumes.data(name), readOnly, Optional.empty());
        plan.add("x-anonymous-volume", name, target);
    }

    /** Noted before it is made, so that a create that is cut off leaves none behind. */
    private String createAnonymous() {
        var name = Identifiers.next();
        NewVolumes.note(draft.paths(), name);
        volumes.createAnonymous(draft.project().name(), name);
        return name;
    }

    private void put(String target, Path data, boolean readOnly, Optional<String> subpath) {
        var options = ContainerMounts.options(readOnly, "rprivate", "recursive");
        mounts.put(target, "volume", data.toString(), options, subpath(subpath));
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
    private void borrow(ContainerPlan.Builder builder, String text) {
        boolean readOnly = text.endsWith(":ro");
        var donor = text.endsWith(":ro") || text.endsWith(":rw") ? text.substring(0, text.length() - 3) : text;
        var plan = siblings.find(donor.startsWith("container:") ? donor : "service:" + donor)
                .orElseThrow(() -> new BackendException("cannot create container "
                        + draft.spec().name() + ": volumes_from: there is no container of \"" + donor + "\" yet"));
        for (var frame : plan.all("mount")) {
            boolean ours = BORROWED.contains(frame.text(1));
            if (ours && !frame.text(3).startsWith("/dev/")) {
                var options = new ArrayList<>(List.of(frame.text(4).split(",", -1)));
                if (readOnly && !options.contains("ro")) {
                    options.addFirst("ro");
                }
                mounts.put(frame.text(3), frame.text(1), frame.text(2), options, frame.text(5));
            }
        }
        for (var key : List.of("x-volume", "x-anonymous-volume", "x-layer", "volume-device")) {
            plan.all(key).forEach(frame -> builder.add(key, frame.fields().toArray(String[]::new)));
        }
    }
}
