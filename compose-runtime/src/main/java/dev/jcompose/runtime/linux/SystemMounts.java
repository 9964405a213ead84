package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.layer.UserNamespace;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.util.Optional;

/** The file systems every container has: processes, devices, the kernel's view of itself, shared memory. */
final class SystemMounts {
    private static final long SHARED_MEMORY = 64L << 20;

    private final ContainerDraft draft;

    SystemMounts(ContainerDraft draft) {
        this.draft = draft;
    }

    void addTo(ContainerPlan.Builder plan) {
        boolean privileged = draft.service().security().privileged();
        var readOnly = privileged ? "" : "ro,";
        mount(plan, "proc", "/proc", "nosuid,nodev,noexec", "");
        mount(plan, "tmpfs", "/dev", "nosuid", "mode=755,size=65536k");
        mount(plan, "devpts", "/dev/pts", "nosuid,noexec", terminals());
        mount(plan, "sysfs", "/sys", readOnly + "nosuid,nodev,noexec", "");
        mount(plan, "cgroup", "/sys/fs/cgroup", readOnly + "nosuid,nodev,noexec", "");
        mount(plan, "mqueue", "/dev/mqueue", "nosuid,nodev,noexec", "");
        if (draft.service().security().ipc().equals(Optional.of("host"))) {
            plan.add("mount", "bind", "/dev/shm", "/dev/shm", "nosuid,nodev,noexec,rprivate", "");
        } else {
            long size = draft.service().storage().shmSize().orElse(SHARED_MEMORY);
            mount(plan, "tmpfs", "/dev/shm", "nosuid,nodev,noexec", "mode=1777,size=" + size);
        }
    }

    private static String terminals() {
        return "newinstance,ptmxmode=0666,mode=0620" + (UserNamespace.isSingleId() ? "" : ",gid=5");
    }

    private static void mount(ContainerPlan.Builder plan, String type, String target, String options, String data) {
        plan.add("mount", type, type, target, options, data);
    }
}
