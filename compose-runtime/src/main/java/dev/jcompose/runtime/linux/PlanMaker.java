package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.ContainerSpec.OneOff;
import dev.jcompose.runtime.linux.cgroup.CgroupLayout;
import dev.jcompose.runtime.linux.cgroup.ContainerCgroup;
import dev.jcompose.runtime.linux.network.NetworkStore;
import dev.jcompose.runtime.linux.seccomp.SeccompPrograms;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Decides everything about a container: turns a service and its image into the plan the helper carries out. */
final class PlanMaker {
    private static final long NANOS = 1_000_000_000L;

    private final CgroupLayout cgroups;
    private final SeccompPrograms programs;
    private final NetworkStore networks;
    private final MountPart.Stores stores;
    private final Path layers;

    PlanMaker(CgroupLayout cgroups, SeccompPrograms programs, NetworkStore networks, MountPart.Stores stores) {
        this.cgroups = cgroups;
        this.programs = programs;
        this.networks = networks;
        this.stores = stores;
        this.layers = stores.images().layersDirectory();
    }

    ContainerPlan plan(ContainerDraft draft, Siblings siblings, Optional<ContainerPlan> replaced, Instant now) {
        var plan = new ContainerPlan.Builder();
        identity(plan, draft, now);
        rootfs(plan, draft);
        new ProcessPart(draft).addTo(plan);
        namespaces(plan, draft, siblings);
        new SystemMounts(draft).addTo(plan);
        new MountPart(draft, stores, siblings, replaced).addTo(plan);
        new FilePart(draft).addTo(plan);
        var devices = new DevicePart(draft);
        devices.addTo(plan);
        new SecurityPart(draft, cgroups, programs).addTo(plan);
        var parent = draft.service().security().cgroupParent().orElse("");
        new ContainerCgroup(cgroups, parent, draft.project().name(), draft.id12())
                .addTo(plan, draft.service().resources(), devices.rules());
        new LifecyclePart(draft).addTo(plan);
        new NetworkPart(draft, networks, siblings).addTo(plan);
        return plan.build();
    }

    private static void identity(ContainerPlan.Builder plan, ContainerDraft draft, Instant now) {
        var spec = draft.spec();
        plan.add("id", draft.id())
                .add("name", spec.name())
                .add("project", draft.project().name());
        plan.add("x-service", draft.service().name()).add("x-number", spec.number());
        spec.oneOff().ifPresent(oneOff -> oneOff(plan, oneOff));
        plan.add("x-config-hash", draft.service().configHash())
                .add("x-image", draft.reference(), draft.image().id().toString())
                .add("x-created", now.getEpochSecond() * NANOS + now.getNano());
        ContainerLabels.of(draft).forEach((key, value) -> plan.add("x-label", key, value));
        plan.addAll("x-expose", draft.image().config().exposedPorts());
        plan.addAll("x-expose", draft.service().networking().expose());
    }

    private static void oneOff(ContainerPlan.Builder plan, OneOff oneOff) {
        plan.add("x-oneoff", 1);
        if (oneOff.foreground()) {
            plan.add("foreground", 1);
        }
    }

    private void rootfs(ContainerPlan.Builder plan, ContainerDraft draft) {
        var paths = draft.paths();
        plan.add(
                "rootfs",
                layers.toString(),
                paths.upper().toString(),
                paths.work().toString(),
                paths.merged().toString());
        for (var layer : draft.image().layers().reversed()) {
            plan.add("layer", layers.relativize(layer).toString());
        }
        if (draft.service().storage().readOnly()) {
            plan.add("readonly", 1);
        }
        plan.add("hostname", draft.hostname());
        draft.service().networking().domainname().ifPresent(domain -> plan.add("domainname", domain));
    }

    private static void namespaces(ContainerPlan.Builder plan, ContainerDraft draft, Siblings siblings) {
        var security = draft.service().security();
        namespace(plan, draft, siblings, "pid", security.pid());
        namespace(plan, draft, siblings, "ipc", security.ipc());
        namespace(plan, draft, siblings, "uts", security.uts());
        namespace(plan, draft, siblings, "cgroup", security.cgroup());
    }

    private static void namespace(
            ContainerPlan.Builder plan, ContainerDraft draft, Siblings siblings, String kind, Optional<String> wanted) {
        var text = wanted.orElse("");
        if (text.equals("host")) {
            plan.add("namespace", kind, "host");
        } else if (text.startsWith("service:") || text.startsWith("container:")) {
            var donor = siblings.find(text)
                    .orElseThrow(() -> draft.failure(kind + " " + text + ": there is no such container yet"));
            SharedNamespaces.add(plan, kind, donor.id());
        }
    }
}
