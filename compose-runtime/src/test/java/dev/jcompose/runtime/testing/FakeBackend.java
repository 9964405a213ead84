package dev.jcompose.runtime.testing;

import dev.jcompose.model.NetworkConfig;
import dev.jcompose.model.Project;
import dev.jcompose.model.VolumeConfig;
import dev.jcompose.planner.state.ObservedProject;
import dev.jcompose.planner.state.ObservedProject.ObservedNetwork;
import dev.jcompose.planner.state.ObservedProject.ObservedVolume;
import dev.jcompose.runtime.Activity;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.Copies;
import dev.jcompose.runtime.Disk;
import dev.jcompose.runtime.Images;
import dev.jcompose.runtime.LayerProgress;
import dev.jcompose.runtime.Networks;
import dev.jcompose.runtime.Volumes;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A backend in memory for one project called shop; its {@link #script} says what happened and what shall go wrong. */
public final class FakeBackend implements Backend {
    private final Script script = new Script();
    private final FakeContainers containers = new FakeContainers(script);
    private final Map<String, ObservedNetwork> networks = new ConcurrentHashMap<>();
    private final Map<String, ObservedVolume> volumes = new ConcurrentHashMap<>();
    private final Map<String, String> images = new ConcurrentHashMap<>(Map.of("busybox", "i1"));

    public Script script() {
        return script;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public void check(Project project) {
        script.happens("check");
    }

    @Override
    public ObservedProject observe(String project, Collection<String> asked) {
        return new ObservedProject(
                project, containers.list(), List.copyOf(networks.values()), List.copyOf(volumes.values()), images);
    }

    @Override
    public List<String> projects() {
        return List.of("shop");
    }

    @Override
    public Lock lock(String project, WaitListener waiting) {
        return () -> script.happens("unlock");
    }

    @Override
    public FakeContainers containers() {
        return containers;
    }

    @Override
    public Activity activity() {
        throw new UnsupportedOperationException("no processes in memory");
    }

    @Override
    public Copies copies() {
        throw new UnsupportedOperationException("no files in memory");
    }

    @Override
    public Images images() {
        return new FakeImages();
    }

    @Override
    public Networks networks() {
        return new FakeNetworks();
    }

    @Override
    public Volumes volumes() {
        return new FakeVolumes();
    }

    @Override
    public Disk disk() {
        script.happens("disk");
        throw new UnsupportedOperationException("disk");
    }

    @Override
    public void close() {
        script.happens("close");
    }

    private final class FakeImages implements Images {
        @Override
        public void push(String reference, Consumer<LayerProgress> progress) throws InterruptedException {
            script.happensSlowly("push " + reference);
        }

        @Override
        public void pull(String reference, Optional<String> platform, Consumer<LayerProgress> progress)
                throws InterruptedException {
            progress.accept(LayerProgress.working("l1", "Downloading"));
            script.happensSlowly("pull " + reference);
            images.put(reference, "i1");
        }

        @Override
        public void build(BuildRequest request, Consumer<String> progress) throws InterruptedException {
            progress.accept("[1/1] FROM scratch");
            script.happensSlowly("build " + request.reference());
            images.put(request.reference(), "i1");
        }

        @Override
        public List<String> load(Path archive) {
            return List.of();
        }

        @Override
        public void importRootfs(Path tar, String reference) {
            images.put(reference, "i1");
        }

        @Override
        public List<ImageSummary> list() {
            return images.entrySet().stream()
                    .map(image -> new ImageSummary(image.getKey(), image.getValue(), 0, Instant.EPOCH))
                    .toList();
        }

        @Override
        public Removed remove(String reference, boolean force) {
            images.remove(reference);
            return new Removed(List.of(reference), List.of(), 0);
        }

        @Override
        public void importPrograms(HostPrograms programs) {
            images.put(programs.reference(), "i1");
        }

        @Override
        public void tag(String reference, String name) {
            images.put(name, images.getOrDefault(reference, "i1"));
        }

        @Override
        public String inspect(String reference) {
            return "{}";
        }

        @Override
        public List<HistoryStep> history(String reference) {
            return List.of();
        }

        @Override
        public void save(List<String> references, ArchiveForm form, OutputStream out) {
            script.happens("save " + references);
        }

        @Override
        public Removed prune(boolean all) {
            return new Removed(List.of(), List.of(), 0);
        }
    }

    private final class FakeNetworks implements Networks {
        @Override
        public void create(String project, NetworkConfig network) {
            script.happens("create network " + network.name());
            networks.put(
                    network.name(), new ObservedNetwork(network.name(), project, network.key(), network.configHash()));
        }

        @Override
        public void remove(String name) {
            script.happens("remove network " + name);
            networks.remove(name);
        }
    }

    private final class FakeVolumes implements Volumes {
        @Override
        public void create(String project, VolumeConfig volume) {
            script.happens("create volume " + volume.name());
            volumes.put(volume.name(), new ObservedVolume(volume.name(), project, volume.key(), volume.configHash()));
        }

        @Override
        public String mountpoint(String name) {
            return "/volumes/" + name;
        }

        @Override
        public void remove(String name) {
            script.happens("remove volume " + name);
            volumes.remove(name);
        }
    }
}
