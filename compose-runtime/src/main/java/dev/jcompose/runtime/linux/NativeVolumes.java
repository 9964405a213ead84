package dev.jcompose.runtime.linux;

import dev.jcompose.model.VolumeConfig;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.Volumes;

/** The native backend's volumes. */
final class NativeVolumes implements Volumes {
    private final VolumeStore store;
    private final ContainerIndex index;

    NativeVolumes(VolumeStore store, ContainerIndex index) {
        this.store = store;
        this.index = index;
    }

    @Override
    public void create(String project, VolumeConfig volume) {
        store.create(project, volume);
    }

    @Override
    public String mountpoint(String name) {
        return store.data(name).toString();
    }

    @Override
    public void remove(String name) {
        if (store.find(name).isEmpty()) {
            return;
        }
        for (var project : index.projects()) {
            for (var plan : index.plans(project)) {
                if (plan.texts("x-volume").contains(name)) {
                    throw new ConflictException("volume \"" + name + "\" is in use by container " + plan.name());
                }
            }
        }
        store.remove(name);
    }
}
