package dev.jcompose.cli.command;

import dev.jcompose.cli.option.ProjectSelection.Selected;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.model.spec.Nearest;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedProject;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Checks the services a user named against those declared and those that have containers. */
final class ServiceNames {
    private ServiceNames() {}

    /** Refuses names that mean nothing. */
    static void check(Collection<String> names, Selected selected, ObservedProject observed) {
        var known = known(selected, observed);
        for (var name : names) {
            if (!known.contains(name)) {
                var hint = Nearest.hint(name, known);
                throw new ComposeException("no such service: " + name + hint);
            }
        }
    }

    /** The containers of these services, or all when none is named; sorted by service and number. */
    static List<ObservedContainer> containers(Collection<String> names, Selected selected, ObservedProject observed) {
        check(names, selected, observed);
        return observed.containers().stream()
                .filter(container -> names.isEmpty() || names.contains(container.service()))
                .sorted(ServiceNames::compare)
                .toList();
    }

    private static int compare(ObservedContainer one, ObservedContainer other) {
        int byService = one.service().compareTo(other.service());
        return byService != 0 ? byService : Integer.compare(one.number(), other.number());
    }

    private static Set<String> known(Selected selected, ObservedProject observed) {
        var known = new TreeSet<String>();
        selected.project().ifPresent(project -> {
            known.addAll(project.services().keySet());
            known.addAll(project.disabledServices().keySet());
        });
        observed.containers().forEach(container -> known.add(container.service()));
        return known;
    }
}
