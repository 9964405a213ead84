package dev.jcompose.cli.command;

import dev.jcompose.cli.option.ProjectSelection.Selected;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Backend;
import java.util.List;
import java.util.OptionalInt;

/** The container a command means that works in one of a service. */
final class RunningContainer {
    private RunningContainer() {}

    /** The one of that number, else the first; those of {@code run} come last. */
    static ObservedContainer of(Backend backend, Selected selected, String service, OptionalInt index) {
        return of(backend, selected, service, index, true);
    }

    /** The same, which need not run. */
    static ObservedContainer any(Backend backend, Selected selected, String service, OptionalInt index) {
        return of(backend, selected, service, index, false);
    }

    private static ObservedContainer of(
            Backend backend, Selected selected, String service, OptionalInt index, boolean running) {
        var observed = backend.observe(selected.name(), List.of());
        var candidates = ServiceNames.containers(List.of(service), selected, observed).stream()
                .filter(container -> !running || container.isRunning())
                .sorted((one, other) -> Boolean.compare(one.oneOff(), other.oneOff()))
                .toList();
        return candidates.stream()
                .filter(container -> index.isEmpty() || (!container.oneOff() && container.number() == index.getAsInt()))
                .findFirst()
                .orElseThrow(() -> new ComposeException(message(service, index, running)));
    }

    private static String message(String service, OptionalInt index, boolean running) {
        if (index.isPresent()) {
            return "service \"" + service + "\" has no " + (running ? "running " : "") + "container #"
                    + index.getAsInt();
        }
        return running
                ? "service \"" + service + "\" is not running"
                : "no container found for service \"" + service + "\"";
    }
}
