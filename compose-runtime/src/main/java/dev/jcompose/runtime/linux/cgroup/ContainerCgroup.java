package dev.jcompose.runtime.linux.cgroup;

import dev.jcompose.model.Resources;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Puts a container's control groups into its plan: only those it needs, since joining each one takes time. */
public final class ContainerCgroup {
    private static final String UNIFIED = "unified";

    private final CgroupLayout layout;
    private final String group;

    /** The groups named {@code jcompose/project/id12} below {@code parent} in each hierarchy. */
    public ContainerCgroup(CgroupLayout layout, String parent, String project, String id12) {
        this.layout = layout;
        this.group = Path.of("/", parent, "jcompose", project, id12).toString().substring(1);
    }

    /** Adds groups, limits and, where the machine can tell devices apart, the devices allowed (none listed: all). */
    public void addTo(ContainerPlan.Builder plan, Resources resources, List<String> deviceRules) {
        var settings = ResourceLimits.settings(resources, layout);
        Set<String> legacy = new LinkedHashSet<>();
        settings.forEach(setting -> legacy.add(setting.controller()));
        if (!deviceRules.isEmpty()) {
            legacy.add("devices");
        }
        if (layout.unified().isEmpty()) {
            legacy.add("freezer");
        }
        layout.unified()
                .ifPresent(mount ->
                        plan.add("cgroup", UNIFIED, mount.resolve(group).toString()));
        for (var controller : legacy) {
            var mount = layout.legacy().get(controller);
            if (mount != null) {
                plan.add("cgroup", controller, mount.resolve(group).toString());
            }
        }
        for (var setting : settings) {
            plan.add(
                    "cgroup-set",
                    setting.controller(),
                    setting.file(),
                    setting.value(),
                    setting.required() ? "1" : "0");
        }
        plan.addAll("device-rule", deviceRules);
    }
}
