package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.build.RunExecutor.Step;
import dev.jcompose.runtime.linux.build.RunExecutor.StepMount;
import dev.jcompose.runtime.linux.cgroup.CgroupLayout;
import dev.jcompose.runtime.linux.cgroup.ContainerCgroup;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.linux.network.NetworkStore;
import dev.jcompose.runtime.linux.seccomp.SeccompPrograms;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Decides everything about a build step's container, which is confined as a service's is. */
final class BuildPlan {
    private static final String HOSTNAME = "build";
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final NativeLayout layout;
    private final CgroupLayout cgroups;
    private final SeccompPrograms programs;
    private final BuildNetwork network;
    private final Path layers;

    BuildPlan(NativeLayout layout, CgroupLayout cgroups, SeccompPrograms programs, NetworkStore networks) {
        this.layout = layout;
        this.cgroups = cgroups;
        this.programs = programs;
        this.network = new BuildNetwork(networks);
        this.layers = layout.store().resolve("layers");
    }

    /** A place for a step to run in. */
    BuildSlot slot() {
        return BuildSlot.take(layout, cgroups);
    }

    ContainerPlan plan(Step step, BuildSlot slot) {
        var plan = new ContainerPlan.Builder();
        var draft = BuildDraft.of(step, slot);
        plan.add("id", draft.id()).add("name", "build step").add("project", BuildSlot.PROJECT);
        rootfs(plan, step, slot);
        process(plan, step);
        new SystemMounts(draft).addTo(plan);
        step.mounts().forEach(mount -> mount(plan, mount));
        network(plan, draft, slot);
        var devices = new DevicePart(draft);
        devices.addTo(plan);
        new SecurityPart(draft, cgroups, programs).addTo(plan);
        new ContainerCgroup(cgroups, "", BuildSlot.PROJECT, slot.name())
                .addTo(plan, draft.service().resources(), devices.rules());
        return plan.build();
    }

    private void rootfs(ContainerPlan.Builder plan, Step step, BuildSlot slot) {
        plan.add(
                "rootfs",
                layers.toString(),
                step.upper().toString(),
                step.work().toString(),
                slot.merged().toString());
        for (var layer : step.layers().reversed()) {
            plan.add("layer", layers.relativize(layer).toString());
        }
        plan.add("hostname", HOSTNAME);
    }

    private static void process(ContainerPlan.Builder plan, Step step) {
        var identity = new ImageUsers(new LayeredFiles(step.layers())::readText).resolve(step.user(), List.of());
        plan.addAll("arg", step.command());
        plan.addAll("env", step.env());
        setDefault(plan, step, "PATH", PATH);
        setDefault(plan, step, "HOME", identity.home());
        plan.add("cwd", step.workingDir());
        plan.add("user", Long.toString(identity.uid()), Long.toString(identity.gid()));
        identity.groups().forEach(gid -> plan.add("group", gid));
    }

    private static void setDefault(ContainerPlan.Builder plan, Step step, String name, String value) {
        if (step.env().stream().noneMatch(pair -> pair.startsWith(name + "="))) {
            plan.add("env", name + "=" + value);
        }
    }

    private void mount(ContainerPlan.Builder plan, StepMount mount) {
        switch (mount) {
            case StepMount.Shared shared ->
                plan.add(
                        "mount",
                        "bind",
                        shared.source().toString(),
                        shared.target(),
                        (shared.readOnly() ? "ro," : "") + "nosuid,nodev,rprivate",
                        "");
            case StepMount.Layers stack -> {
                var names = stack.layers().reversed().stream()
                        .map(layer -> layers.relativize(layer).toString())
                        .collect(Collectors.joining(":"));
                var path = stack.path().isEmpty() ? "" : "subpath=" + stack.path();
                plan.add("mount", "image", names, stack.target(), "ro,nosuid,nodev,rprivate", path);
            }
            case StepMount.Memory memory -> {
                var size = memory.size().isPresent() ? ",size=" + memory.size().getAsLong() : "";
                plan.add("mount", "tmpfs", "tmpfs", memory.target(), "nosuid,nodev", "mode=755" + size);
            }
            case StepMount.Text text ->
                plan.addBytes(
                        bytes(text),
                        "file",
                        text.target(),
                        Integer.toOctalString(text.mode()),
                        Integer.toString(text.owner().uid()),
                        Integer.toString(text.owner().gid()));
        }
    }

    private static byte[] bytes(StepMount.Text text) {
        var bytes = new byte[text.content().remaining()];
        text.content().duplicate().get(bytes);
        return bytes;
    }

    private void network(ContainerPlan.Builder plan, ContainerDraft draft, BuildSlot slot) {
        var files = EtcFiles.ofBuild(draft.service().networking(), HOSTNAME);
        switch (draft.mode().orElse("")) {
            case "host" -> {
                plan.add("namespace", "net", "host");
                files.addAsHost(plan);
            }
            case "none" -> {
                plan.add("namespace", "net", "none");
                files.addAlone(plan);
            }
            default -> {
                network.addTo(plan, slot);
                files.addBridged(plan, List.of());
            }
        }
    }
}
