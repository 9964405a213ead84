package dev.jcompose.runtime.linux;

import dev.jcompose.model.NetworkConfig;
import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.model.VolumeConfig;
import dev.jcompose.model.problem.InvalidProjectException;
import dev.jcompose.model.problem.Position;
import dev.jcompose.model.problem.Problem;
import dev.jcompose.runtime.linux.cgroup.CgroupLayout;
import dev.jcompose.runtime.linux.network.Cidr;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds everything in a project that the native backend does not do, so that nothing is ignored in silence. */
final class ProjectCheck {
    private static final String NOT_YET = "not supported by the native backend yet";

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
        project.networks().values().forEach(this::network);
        project.volumes().values().forEach(this::volume);
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
            if (!table.honours(path)) {
                refuse(service, path, new Problem(at, where, NOT_YET));
                return;
            }
            table.controller(path)
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
        if (!service.attributes().containsKey(parent) || table.honours(parent)) {
            problems.add(problem);
        }
    }

    private void network(NetworkConfig network) {
        if (network.external()) {
            return;
        }
        var where = "networks." + network.key();
        network.driver()
                .filter(driver -> !driver.equals("bridge"))
                .ifPresent(driver -> add(
                        network.at(),
                        where + ".driver",
                        "\"" + driver + "\": " + NOT_YET + "; networks are always bridges"));
        network.driverOptions()
                .keySet()
                .forEach(option -> add(network.at(), where + ".driver_opts." + option, NOT_YET));
        network.ipamDriver()
                .filter(driver -> !driver.equals("default"))
                .ifPresent(driver -> add(network.at(), where + ".ipam.driver", "\"" + driver + "\": " + NOT_YET));
        if (network.enableIpv6().orElse(false)) {
            add(network.at(), where + ".enable_ipv6", NOT_YET);
        }
        if (!network.enableIpv4().orElse(true)) {
            add(network.at(), where + ".enable_ipv4", "networks without IPv4 are " + NOT_YET);
        }
        if (network.pools().size() > 1) {
            add(network.at(), where + ".ipam.config", "more than one subnet is " + NOT_YET);
        }
        network.pools().stream()
                .flatMap(pool -> pool.subnet().stream())
                .filter(subnet -> Cidr.parse(subnet).isEmpty())
                .forEach(subnet -> add(
                        network.at(),
                        where + ".ipam.config",
                        "\"" + subnet + "\" is not an IPv4 subnet (like 10.5.0.0/24)"));
    }

    private void volume(VolumeConfig volume) {
        if (volume.external()) {
            return;
        }
        var where = "volumes." + volume.key();
        volume.driver()
                .filter(driver -> !driver.equals("local"))
                .ifPresent(driver -> add(volume.at(), where + ".driver", "\"" + driver + "\": " + NOT_YET));
        VolumeDevice.problems(volume.driverOptions())
                .forEach((option, why) -> add(volume.at(), where + ".driver_opts" + option, why));
    }

    private void add(Position at, String path, String message) {
        problems.add(new Problem(at, path, message));
    }
}
