package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.Backend.WaitListener;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Disk;
import dev.jcompose.runtime.linux.VolumeStore.StoredVolume;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.shim.DurableFile;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What the native backend keeps below its state directory. */
final class NativeDisk implements Disk {
    private final NativeLayout layout;
    private final ContainerIndex index;
    private final ContainerStates states;
    private final Stores stores;
    private final ProjectLocks locks;

    /** What is kept apart from containers; {@code inUse} says whether a container needs a layer. */
    record Stores(ImageStore images, VolumeStore volumes, Predicate<Path> inUse) {}

    NativeDisk(NativeLayout layout, ContainerIndex index, ContainerStates states, Stores stores, ProjectLocks locks) {
        this.layout = layout;
        this.index = index;
        this.states = states;
        this.stores = stores;
        this.locks = locks;
    }

    @Override
    public List<Part> usage() {
        var images = stores.images().usage(stores.inUse());
        return List.of(
                new Part(
                        "Images",
                        images.images().total(),
                        images.images().active(),
                        images.imageBytes(),
                        images.reclaimable()),
                containers(),
                volumes(),
                new Part("Build Cache", images.steps(), 0, images.stepBytes(), images.stepBytes()));
    }

    private Part containers() {
        int total = 0;
        int active = 0;
        long size = 0;
        long reclaimable = 0;
        for (var project : index.projects()) {
            for (var plan : index.plans(project)) {
                var files = layout.container(project, plan.id());
                long own = size(files.state());
                boolean alive = states.of(files).isAlive();
                total++;
                active += alive ? 1 : 0;
                size += own;
                reclaimable += alive ? 0 : own;
            }
        }
        return new Part("Containers", total, active, size, reclaimable);
    }

    private Part volumes() {
        var used = usedVolumes();
        var all = stores.volumes().list();
        long size = 0;
        long reclaimable = 0;
        for (var volume : all) {
            long own = size(layout.volumes().resolve(volume.name()));
            size += own;
            reclaimable += used.contains(volume.name()) ? 0 : own;
        }
        int active = (int) all.stream().filter(v -> used.contains(v.name())).count();
        return new Part("Local Volumes", all.size(), active, size, reclaimable);
    }

    private Set<String> usedVolumes() {
        Set<String> used = new HashSet<>();
        for (var project : index.projects()) {
            for (var plan : index.plans(project)) {
                used.addAll(plan.texts("x-volume"));
                used.addAll(plan.texts("x-anonymous-volume"));
            }
        }
        return used;
    }

    /** What files hold, each inode as often as it has names; mounted file systems are not looked into. */
    private static long size(Path directory) {
        long[] sum = {0};
        try {
            var store = Files.getFileStore(directory);
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
                    return Files.getFileStore(path).equals(store)
                            ? FileVisitResult.CONTINUE
                            : FileVisitResult.SKIP_SUBTREE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    sum[0] += attributes.isRegularFile() ? attributes.size() : 0;
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE; // gone meanwhile
                }
            });
        } catch (IOException e) {
            throw new BackendException("cannot look at " + directory + ": " + DurableFile.reason(e), e);
        }
        return sum[0];
    }

    @Override
    public List<String> pruneVolumes(WaitListener waiting) throws InterruptedException {
        var removed = new ArrayList<String>();
        for (var volume : unused()) {
            var held = locks.acquire(volume.project(), waiting);
            try (held) {
                if (!usedVolumes().contains(volume.name())) {
                    stores.volumes().remove(volume.name());
                    removed.add(volume.name());
                }
            }
        }
        return removed;
    }

    private List<StoredVolume> unused() {
        var used = usedVolumes();
        return stores.volumes().list().stream()
                .filter(volume -> volume.key().isEmpty() && !used.contains(volume.name()))
                .toList();
    }

    @Override
    public int pruneBuildCache() {
        return stores.images().pruneSteps(stores.inUse());
    }
}
