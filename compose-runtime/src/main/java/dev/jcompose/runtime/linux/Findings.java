package dev.jcompose.runtime.linux;

import dev.jcompose.model.Service;
import dev.jcompose.model.problem.Position;
import dev.jcompose.model.problem.Problem;
import java.util.List;
import java.util.Optional;

/** What is wrong with one service, each at the place of the attribute it is about. */
record Findings(Service service, List<Problem> problems) {
    private static final Position NOWHERE = new Position("", 0, 0);

    /** {@code attribute} is a path below the service; without a place of its own it has that of its first word. */
    void add(String attribute, String message) {
        var at = Optional.ofNullable(service.attributes().get(attribute))
                .or(() -> Optional.ofNullable(service.attributes().get(attribute.split("\\.", 2)[0])))
                .or(() -> service.attributes().values().stream().findFirst());
        problems.add(new Problem(at.orElse(NOWHERE), "services." + service.name() + "." + attribute, message));
    }

    void unknown(String attribute, String value) {
        add(attribute, "\"" + value + "\" is not known");
    }

    void notSupported(String attribute, String value) {
        add(attribute, "\"" + value + "\" is not supported by the native backend yet");
    }
}
