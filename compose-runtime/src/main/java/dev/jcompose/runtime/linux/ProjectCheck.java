package dev.jcompose.runtime.linux;

import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.model.problem.InvalidProjectException;
import dev.jcompose.model.problem.Problem;
import dev.jcompose.runtime.linux.cgroup.CgroupLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds everything in a project that the native backend does not do, so that nothing is ignored in silence. */
final class ProjectCheck {
    static final String NOT_YET = "not supported by the native backend yet";

    private static final String BELOW = "services.*.";

    private final AttributeTable table;
    private final CgroupLayout cgroups;
    private final List<Problem> problems = new ArrayList<>();

    ProjectCheck(AttributeTable table, CgroupLayout cgroups) {
        this.table = table;
        this.cgroups = cgroups;
    }

    /** Throws all that was found. */
    void check(Project project) {
        project.services().values().forEach(service -> service(service, project.directory()));
        new TopLevelCheck(project, table, problems).check();
        if (!problems.isEmpty()) {
            throw new InvalidProjectException(problems);
        }
    }

    private void service(Service service, Path directory) {
        service.attributes().forEach((path, at) -> {
            if (isForOthers(path)) {
                return;
            }
            var where = "services." + service.name() + "." + path;
            var entry = BELOW + path;
            if (!table.honours(entry)) {
                refuse(service, path, new Problem(at, where, NOT_YET));
                return;
            }
            table.controller(entry)
                    .filter(controller -> !cgroups.has(controller))
                    .ifPresent(controller -> problems.add(new Problem(
                            at,
                            where,
                            "this machine has no \"" + controller
                                    + "\" control group; mount it (/sys/fs/cgroup) or remove the limit")));
        });
        new ServiceCheck(service, cgroups, directory, problems).check();
    }

    /** Extensions that are not ours. */
    private static boolean isForOthers(String path) {
        int at = path.startsWith("x-") ? 0 : path.indexOf(".x-") + 1;
        return (at > 0 || path.startsWith("x-")) && !path.startsWith("x-jcompose", at);
    }

    /** What lies below an attribute that is refused needs no word of its own. */
    private void refuse(Service service, String path, Problem problem) {
        int dot = path.lastIndexOf('.');
        var parent = dot < 0 ? "" : path.substring(0, dot).replaceAll("(\\.\\*)+$", "");
        if (!service.attributes().containsKey(parent) || table.honours(BELOW + parent)) {
            problems.add(problem);
        }
    }
}
