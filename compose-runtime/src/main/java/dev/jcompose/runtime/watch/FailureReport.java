package dev.jcompose.runtime.watch;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Containers;
import dev.jcompose.runtime.LogReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;

/** What a container that failed has to say for itself: its last lines of output, or of its healthcheck. */
final class FailureReport {
    private static final int LINES = 10;

    private final Containers containers;

    FailureReport(Containers containers) {
        this.containers = containers;
    }

    /** Its last lines of output, each on a line of its own below a message; empty when there were none. */
    String lastLines(ObservedContainer container) throws InterruptedException {
        ArrayDeque<String> lines = new ArrayDeque<>();
        try (LogReader reader = containers.logs(container.id())) {
            reader.seek(OptionalLong.of(LINES), Optional.empty());
            while (reader.read(Duration.ZERO, line -> lines.add(line.text())) > 0) {
                while (lines.size() > LINES) {
                    lines.removeFirst();
                }
            }
        } catch (BackendException e) {
            return ""; // the failure itself matters more than that its log cannot be read
        }
        return indented(container.name() + " wrote last", String.join("\n", lines));
    }

    /** What its last healthcheck wrote. */
    String healthOutput(ObservedContainer container) {
        return indented(
                "its healthcheck wrote", containers.healthOutput(container.id()).strip());
    }

    private static String indented(String title, String text) {
        return text.isBlank() ? "" : "\n" + title + ":\n" + text.indent(2).stripTrailing();
    }
}
