package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.cgroup.CgroupLayout;
import dev.jcompose.runtime.linux.seccomp.SeccompPrograms;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.util.List;

/** What the container may not do: capabilities, system calls, hidden files, limits of processes. */
final class SecurityPart {
    private static final List<String> MASKED = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/sys/devices/virtual/powercap",
            "/sys/firmware");
    private static final List<String> PROTECTED =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private final ContainerDraft draft;
    private final CgroupLayout cgroups;
    private final SeccompPrograms programs;

    SecurityPart(ContainerDraft draft, CgroupLayout cgroups, SeccompPrograms programs) {
        this.draft = draft;
        this.cgroups = cgroups;
        this.programs = programs;
    }

    void addTo(ContainerPlan.Builder plan) {
        var security = draft.service().security();
        var capabilities =
                Capabilities.of(security.privileged(), security.capAdd(), security.capDrop(), cgroups.guardsDevices());
        // An ordinary user starts with nothing permitted, but may regain what the bounding set holds by a setuid
        // program.
        plan.add("caps", capabilities.hex(), capabilities.hex(), "0");
        if (!security.privileged() && SecurityOptions.hidesPaths(security.securityOpt())) {
            plan.addAll("mask", MASKED).addAll("protect", PROTECTED);
        }
        if (!security.privileged() && SecurityOptions.usesDefaultSeccomp(security.securityOpt())) {
            plan.addBytes(programs.defaultFor(capabilities.mask(), capabilities.names()), "seccomp");
        } else if (!security.privileged()) {
            new SecurityOptions(draft.project().directory())
                    .seccomp(security.securityOpt())
                    .ifPresent(document -> plan.addBytes(document.compile(capabilities.names()), "seccomp"));
        }
        SecurityOptions.apparmor(security.securityOpt()).ifPresent(profile -> plan.add("apparmor", profile));
        if (SecurityOptions.noNewPrivileges(security.securityOpt())) {
            plan.add("no-new-privs", 1);
        }
        security.sysctls().forEach((name, value) -> plan.add("sysctl", name.replace('.', '/'), value));
        limits(plan);
    }

    private void limits(ContainerPlan.Builder plan) {
        var resources = draft.service().resources();
        resources
                .ulimits()
                .forEach((name, limit) -> plan.add(
                        "rlimit",
                        Integer.toString(ResourceNames.number(name)),
                        Long.toString(limit.soft()),
                        Long.toString(limit.hard())));
        resources.oomScoreAdj().ifPresent(score -> plan.add("oom-score-adj", score));
    }
}
