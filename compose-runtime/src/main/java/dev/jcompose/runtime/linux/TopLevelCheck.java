package dev.jcompose.runtime.linux;

import static dev.jcompose.runtime.linux.ProjectCheck.NOT_YET;

import dev.jcompose.model.Mount;
import dev.jcompose.model.NetworkConfig;
import dev.jcompose.model.Project;
import dev.jcompose.model.VolumeConfig;
import dev.jcompose.model.problem.Position;
import dev.jcompose.model.problem.Problem;
import dev.jcompose.model.spec.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the native backend does not do of the networks, volumes, configs and secrets that services use. */
final class TopLevelCheck {
    private final Project project;
    private final AttributeTable table;
    private final List<Problem> problems;
    private final Set<String> used = new HashSet<>();

    TopLevelCheck(Project project, AttributeTable table, List<Problem> problems) {
        this.project = project;
        this.table = table;
        this.problems = problems;
    }

    void check() {
        project.services().values().forEach(service -> {
            service.networking().networks().keySet().forEach(key -> used.add("networks." + key));
            service.storage().configs().forEach(mount -> used.add("configs." + mount.source()));
            service.storage().secrets().forEach(mount -> used.add("secrets." + mount.source()));
            for (var mount : service.storage().mounts()) {
                if (mount instanceof Mount.NamedVolume volume) {
                    used.add("volumes." + volume.volume());
                }
            }
        });
        project.attributes().forEach(this::attribute);
        project.networks().values().forEach(this::network);
        project.volumes().values().forEach(this::volume);
    }

    private void attribute(String path, Position at) {
        int kind = path.indexOf('.');
        int key = keyEnd(path, kind + 1);
        var resource = path.substring(0, key);
        if (used.contains(resource) && !table.honours(path.substring(0, kind) + ".*" + path.substring(key))) {
            problems.add(new Problem(at, path, NOT_YET));
        }
    }

    /** Keys may contain dots: the resource is the longest one that is declared. */
    private int keyEnd(String path, int from) {
        for (int dot = path.lastIndexOf('.'); dot > from; dot = path.lastIndexOf('.', dot - 1)) {
            if (used.contains(path.substring(0, dot))) {
                return dot;
            }
        }
        return path.indexOf('.', from);
    }

    private void network(NetworkConfig network) {
        var where = "networks." + network.key();
        if (!used.contains(where)) {
            return;
        }
        name(where, network.name(), network.at());
        if (network.external()) {
            return;
        }
        new NetworkCheck(network, (path, message) -> add(network.at(), where + path, message)).check();
    }

    private void volume(VolumeConfig volume) {
        var where = "volumes." + volume.key();
        if (!used.contains(where)) {
            return;
        }
        name(where, volume.name(), volume.at());
        if (volume.external()) {
            return;
        }
        volume.driver()
                .filter(driver -> !driver.equals("local"))
                .ifPresent(driver -> add(volume.at(), where + ".driver", "\"" + driver + "\": " + NOT_YET));
        VolumeDevice.problems(volume.driverOptions())
                .forEach((option, why) -> add(volume.at(), where + ".driver_opts" + option, why));
    }

    /** A name becomes the name of a directory; the rule is the one Docker has for volumes. */
    private void name(String where, String name, Position at) {
        if (!Names.isContainerName(name)) {
            add(
                    at,
                    where + ".name",
                    "\"" + name + "\" is not a valid name ([a-zA-Z0-9][a-zA-Z0-9_.-]+: no slash, no space)");
        }
    }

    /** The place of the attribute where the user set it, else of the whole resource. */
    private void add(Position resource, String path, String message) {
        problems.add(new Problem(project.attributes().getOrDefault(path, resource), path, message));
    }
}
