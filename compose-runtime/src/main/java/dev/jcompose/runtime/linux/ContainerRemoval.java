package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.network.Ip;
import dev.jcompose.runtime.linux.network.NetworkStore;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.ContainerStateFile;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Set;

/** Takes containers away: what the kernel holds for them, their addresses, their files, and with the last one the project. */
final class ContainerRemoval {
    private final NativeLayout layout;
    private final ContainerIndex index;
    private final NetworkStore networks;
    private final VolumeStore volumes;
    private final Supervisors supervisors;
    private final ContainerStateFile stateFile;

    ContainerRemoval(
            NativeLayout layout,
            ContainerIndex index,
            NetworkStore networks,
            VolumeStore volumes,
            Processes processes) {
        this.layout = layout;
        this.index = index;
        this.networks = networks;
        this.volumes = volumes;
        this.supervisors = processes.supervisors();
        this.stateFile = processes.stateFile();
    }

    /** How to reach what runs. */
    record Processes(Supervisors supervisors, ContainerStateFile stateFile) {}

    /**
     * A start that a killed command left in the supervisor's queue may still come: without a plan it fails, and what it began
     * before is ended after. Without its plan the rest is recognised as remains, should we be cut off here.
     */
    void remove(ContainerFiles files, ContainerPlan plan, boolean withVolumes) throws InterruptedException {
        stop(files);
        NewVolumes.forget(files);
        FileTrees.delete(files.plan());
        forget(files);
        giveBackAddresses(plan);
        FileTrees.delete(files.state());
        index.forget(files.id12());
        if (withVolumes) {
            removeAnonymousVolumes(plan);
        }
        FileTrees.deleteIfEmpty(layout.project(files.project()));
    }

    private void stop(ContainerFiles files) throws InterruptedException {
        if (Files.exists(files.run())) {
            supervisors.of(files.project()).ask("stop", files.id12(), "0", "");
            stateFile.livingPayload(files).ifPresent(ContainerRemoval::end);
        }
    }

    private void forget(ContainerFiles files) throws InterruptedException {
        if (Files.exists(files.run())) {
            stop(files);
            supervisors.of(files.project()).ask("forget", files.id12());
            FileTrees.delete(files.run());
        }
    }

    /** Its monitor and supervisor were killed and nobody has found it again; the first process takes all others along. */
    private static void end(long pid) {
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    private void giveBackAddresses(ContainerPlan plan) {
        for (var net : plan.all("net")) {
            networks.find(net.text(1))
                    .ifPresent(network -> Foundations.address(net)
                            .ifPresent(own -> networks.leases(network).release(plan.id(), own)));
        }
        for (var further : plan.all("net-address")) {
            networks.find(further.text(1))
                    .ifPresent(network -> Ip.parse(further.text(2).replaceAll("/.*", ""))
                            .ifPresent(own -> networks.leases(network).release(plan.id(), own)));
        }
    }

    /** A container that took over from this one goes on using them. */
    private void removeAnonymousVolumes(ContainerPlan plan) {
        Set<String> inUse = new HashSet<>();
        index.plans(plan.project()).forEach(other -> inUse.addAll(other.texts("x-anonymous-volume")));
        plan.texts("x-anonymous-volume").stream()
                .filter(name -> !inUse.contains(name))
                .forEach(volumes::remove);
    }

    /** Removes what a create that was cut off left; the caller holds the project's lock. */
    void clearRemains(String project) throws InterruptedException {
        for (var id12 : index.entries(project)) {
            var files = layout.container(project, id12);
            if (ContainerPlan.read(files.plan()).isEmpty()) {
                networks.list().forEach(network -> networks.leases(network).releaseAllOf(id12));
                NewVolumes.remove(files, volumes);
                forget(files);
                FileTrees.delete(files.state());
            }
        }
        FileTrees.deleteIfEmpty(layout.project(project));
    }

    /** Removes what supervisors that have ended leave of projects without containers; the caller holds the project's lock. */
    void clearRun(String project) {
        var run = layout.runProject(project);
        if (index.entries(project).isEmpty() && !Files.exists(run.resolve("ctl.sock"))) {
            FileTrees.delete(run);
        }
    }

    /** Whether the networks' holder has left its socket although no project is there any more: it was killed. */
    boolean isHolderLeft() {
        return index.projects().isEmpty() && Files.exists(layout.run().resolve("holder.sock"));
    }
}
