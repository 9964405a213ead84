package dev.jcompose.runtime.linux;

import dev.jcompose.model.Project;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedProject;
import dev.jcompose.planner.state.ObservedProject.ObservedNetwork;
import dev.jcompose.planner.state.ObservedProject.ObservedVolume;
import dev.jcompose.runtime.Activity;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.BackendUnavailableException;
import dev.jcompose.runtime.Containers;
import dev.jcompose.runtime.Copies;
import dev.jcompose.runtime.Disk;
import dev.jcompose.runtime.Images;
import dev.jcompose.runtime.Networks;
import dev.jcompose.runtime.Volumes;
import dev.jcompose.runtime.linux.cgroup.CgroupLayout;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.layer.LayerLimits;
import dev.jcompose.runtime.linux.network.NetworkStore;
import dev.jcompose.runtime.linux.seccomp.SeccompPrograms;
import dev.jcompose.runtime.linux.shim.ContainerStateFile;
import dev.jcompose.runtime.linux.shim.HelperBinary;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import dev.jcompose.runtime.linux.transfer.RegistrySource;
import dev.jcompose.runtime.registry.Registries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Runs containers on this machine's own kernel, for root or as root of an ordinary user's namespace. */
public final class NativeBackend implements Backend {
    public static final String NAME = "native";

    private final NativeLayout layout;
    private final InstantSource clock;
    private final CgroupLayout cgroups = CgroupLayout.detect();
    private final ContainerIndex index;
    private final NetworkStore networkStore;
    private final VolumeStore volumeStore;
    private final ImageStore imageStore;
    private final Supervisors supervisors;
    private final HelperBinary helper;
    private final ContainerRemoval removal;
    private final ProjectLocks locks;
    private final ContainerStates states;
    private final Foundations foundations;
    private final EventLog events;
    private final NativeContainers containers;
    private final NativeImages images;

    /** {@code registries} are opened when one is needed; {@code owner} is how this command is called in others' messages: {@code jcompose up (pid 4711)}. */
    public NativeBackend(NativeLayout layout, Supplier<Registries> registries, String owner, InstantSource clock) {
        this(layout, LayerLimits.DEFAULT, registries, owner, clock);
    }

    private NativeBackend(
            NativeLayout layout,
            LayerLimits limits,
            Supplier<Registries> registries,
            String owner,
            InstantSource clock) {
        this.layout = layout;
        this.clock = clock;
        helper = new HelperBinary(layout.bin());
        index = new ContainerIndex(layout);
        networkStore = new NetworkStore(layout.networks());
        volumeStore = new VolumeStore(layout.volumes());
        imageStore = new ImageStore(layout.store(), limits);
        supervisors = new Supervisors(layout, helper);
        var stateFile = new ContainerStateFile();
        states = stateFile::read;
        foundations = new Foundations(index, networkStore);
        events = new EventLog(layout);
        removal = new ContainerRemoval(
                layout, index, networkStore, volumeStore, new ContainerRemoval.Processes(supervisors, stateFile));
        locks = new ProjectLocks(layout, owner);
        var programs = new SeccompPrograms(layout.cache());
        var runner = new BuildRunner(layout, helper, new BuildPlan(layout, cgroups, programs, networkStore));
        images = new NativeImages(imageStore, new RegistrySource(registries), Optional.of(runner), this::isLayerInUse);
        var stores = new MountPart.Stores(volumeStore, imageStore);
        var maker = new PlanMaker(cgroups, programs, networkStore, stores);
        containers = new NativeContainers(
                new NativeContainers.Observation(index, states, foundations, events, imageStore),
                new ContainerCreation(layout, stores, index, maker, clock),
                removal,
                new NativeContainers.NativeProcesses(
                        supervisors,
                        new StartFailure(new PortHolder(layout, index), new KernelCheck(helper)),
                        new ExecRunner(helper),
                        helper));
    }

    /** The backend with the directories the environment names; for an ordinary user this process starts again as root of a user namespace. */
    public static NativeBackend open(Map<String, String> environment, String owner, InstantSource clock) {
        enterUserNamespace(environment);
        var layout = NativeLayout.from(environment);
        var limits = LayerLimits.from(environment);
        return new NativeBackend(layout, limits, () -> Registries.from(environment), owner, clock);
    }

    /** Makes an ordinary user's process start again as root of their user namespace; nothing for root. */
    public static void enterUserNamespace(Map<String, String> environment) {
        if (!isRoot()) {
            throw new Rootless(environment).enter();
        }
    }

    static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            throw new BackendUnavailableException("the native backend needs Linux with /proc mounted");
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void check(Project project) {
        new ProjectCheck(AttributeTable.read(), cgroups).check(project);
    }

    @Override
    public ObservedProject observe(String project, Collection<String> images) {
        var observer = new Observer(states, foundations);
        List<ObservedContainer> found = index.plans(project).stream()
                .map(plan -> observer.observe(layout.container(project, plan.id()), plan))
                .toList();
        Map<String, String> present = new HashMap<>();
        Map<String, Duration> ages = new HashMap<>();
        for (var reference : images) {
            imageStore
                    .find(reference)
                    .ifPresent(image -> present.put(reference, image.id().toString()));
            imageStore.named(reference).ifPresent(time -> ages.put(reference, Duration.between(time, clock.instant())));
        }
        return new ObservedProject(project, found, observedNetworks(), observedVolumes(), present, ages);
    }

    private List<ObservedNetwork> observedNetworks() {
        return networkStore.list().stream()
                .map(network ->
                        new ObservedNetwork(network.name(), network.project(), network.key(), network.configHash()))
                .toList();
    }

    private List<ObservedVolume> observedVolumes() {
        return volumeStore.list().stream()
                .filter(volume -> !volume.key().isEmpty())
                .map(volume -> new ObservedVolume(volume.name(), volume.project(), volume.key(), volume.configHash()))
                .toList();
    }

    @Override
    public List<String> projects() {
        Set<String> projects = new TreeSet<>(index.projects());
        networkStore.list().forEach(network -> projects.add(network.project()));
        return List.copyOf(projects);
    }

    /** Whoever gets the lock first clears what an earlier command, cut off, has left. */
    @Override
    public Lock lock(String project, WaitListener waiting) throws InterruptedException {
        var lock = locks.acquire(project, waiting);
        try {
            removal.clearRemains(project);
            BuildSlot.clearRemains(layout, cgroups);
        } catch (RuntimeException | InterruptedException e) {
            lock.close();
            throw e;
        }
        return lock;
    }

    private boolean isLayerInUse(Path files) {
        var name = imageStore.layersDirectory().relativize(files).toString();
        Set<String> used = new HashSet<>();
        index.projects()
                .forEach(project -> index.plans(project).forEach(plan -> {
                    used.addAll(plan.texts("layer"));
                    used.addAll(plan.texts("x-layer"));
                }));
        return used.contains(name);
    }

    @Override
    public Containers containers() {
        return containers;
    }

    @Override
    public Activity activity() {
        return new NativeActivity(index, states, events);
    }

    @Override
    public Copies copies() {
        return new NativeCopies(new ContainerRoots(index, states, helper));
    }

    @Override
    public Images images() {
        return images;
    }

    @Override
    public Networks networks() {
        return new NativeNetworks(layout, networkStore, index, states, supervisors);
    }

    @Override
    public Volumes volumes() {
        return new NativeVolumes(volumeStore, index);
    }

    @Override
    public Disk disk() {
        var stores = new NativeDisk.Stores(imageStore, volumeStore, this::isLayerInUse);
        return new NativeDisk(layout, index, states, stores, locks);
    }

    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // letting go is done in order, also after Ctrl-C
        try {
            letGo();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void letGo() {
        var projects = supervisors.projects();
        supervisors.close();
        projects.forEach(project -> locks.ifFree(project, () -> removal.clearRun(project)));
        if (!projects.isEmpty() && removal.isHolderLeft()) {
            supervisors.sweep();
        }
    }
}
