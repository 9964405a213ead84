package dev.jcompose.planner.reconcile;

import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.model.spec.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Checks service names a user gave, and enables the services they name. */
final class Selection {
    private Selection() {}

    /** The project with the named services enabled, whatever their profiles. */
    static Project enable(Project project, Collection<String> names) {
        List<String> known = new ArrayList<>(project.services().sequencedKeySet());
        known.addAll(project.disabledServices().sequencedKeySet());
        names.forEach(name -> check(name, known));
        if (project.services().keySet().containsAll(names)) {
            return project;
        }
        SequencedMap<String, Service> enabled = new LinkedHashMap<>(project.services());
        SequencedMap<String, Service> disabled = new LinkedHashMap<>(project.disabledServices());
        names.forEach(name -> {
            Service service = disabled.remove(name);
            if (service != null) {
                enabled.put(name, service);
            }
        });
        return with(project, enabled, disabled);
    }

    /** The project with every service enabled: for commands on containers that exist whatever the profiles say. */
    static Project enableAll(Project project) {
        return enable(project, project.disabledServices().keySet());
    }

    static void check(String name, Collection<String> known) {
        if (!known.contains(name)) {
            throw new ComposeException("no such service: " + name + Nearest.hint(name, known));
        }
    }

    private static Project with(
            Project project, SequencedMap<String, Service> enabled, SequencedMap<String, Service> disabled) {
        return new Project(
                project.name(),
                project.directory(),
                project.files(),
                enabled,
                disabled,
                project.networks(),
                project.volumes(),
                project.configs(),
                project.secrets(),
                project.attributes(),
                project.environment(),
                project.warnings());
    }
}
