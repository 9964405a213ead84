package dev.jcompose.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** What containers do: their processes, what they use, what has happened to them. */
public interface Activity {
    /** The processes of a container, oldest first; none when it does not run. */
    List<Task> processes(String id);

    /** What a container uses at this moment; empty when it does not run. */
    Optional<Usage> usage(String id);

    /** Opens what has happened to a project's containers in this boot, and happens from now on. */
    EventReader events(String project);

    /**
     * A process as {@code ps -ef} shows it, with the numbers it has on the host.
     *
     * @param share of one processor since its start, in percent
     */
    record Task(
            String user,
            long pid,
            long parent,
            int share,
            Instant started,
            String terminal,
            long cpuSeconds,
            String command) {}

    /**
     * Amounts since the start of the container, except memory and processes, which are those of now.
     *
     * @param at when it was measured
     * @param memoryLimit its own, else what the machine has
     */
    record Usage(
            Instant at,
            long cpuNanos,
            long memory,
            long memoryLimit,
            long received,
            long sent,
            long read,
            long written,
            OptionalLong processes) {}

    /** Reads events in their order. Not thread-safe. */
    interface EventReader {
        /** Hands over what there is that was not handed over before; returns how many. */
        int read(Consumer<Event> sink);
    }

    /**
     * One thing that happened to a container.
     *
     * @param action in Docker's words: {@code start}, {@code die}, {@code health_status: healthy}
     * @param attributes such as {@code exitCode}, and the container's {@code image} and {@code name} as far as known
     */
    record Event(Instant at, String id, String service, String action, Map<String, String> attributes) {
        public Event {
            attributes = Map.copyOf(attributes);
        }
    }
}
