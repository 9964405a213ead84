package dev.jcompose.runtime.watch;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Containers;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Waits until containers have ended: each once, a restart by policy being another run. */
public final class EndWaiter {
    private final Containers containers;
    private final Timekeeper time;

    public EndWaiter(Containers containers, Timekeeper time) {
        this.containers = containers;
        this.time = time;
    }

    /** Tells every end as it is seen; returns when all have ended. */
    public void await(Collection<ObservedContainer> running, Consumer<Exit> ends) throws InterruptedException {
        Map<String, ObservedContainer> waiting = new LinkedHashMap<>();
        running.forEach(container -> waiting.put(container.id(), container));
        ExitWatcher exits = new ExitWatcher(containers, time);
        running.forEach(exits::add);
        Poll.until(time, () -> {
            waiting.keySet().removeIf(id -> hasEnded(exits, id, ends));
            return waiting.isEmpty() ? Optional.of(true) : Optional.empty();
        });
    }

    private static boolean hasEnded(ExitWatcher exits, String id, Consumer<Exit> ends) {
        Optional<Exit> exit = exits.look(id);
        exit.ifPresent(ends);
        return exit.isPresent() || !exits.watched().contains(id);
    }
}
