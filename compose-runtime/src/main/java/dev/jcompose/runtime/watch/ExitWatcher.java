package dev.jcompose.runtime.watch;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Containers;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Notices when containers end. Not thread-safe. */
public final class ExitWatcher {
    private final Containers containers;
    private final Timekeeper time;
    private final Map<String, ObservedContainer> running = new HashMap<>();

    public ExitWatcher(Containers containers, Timekeeper time) {
        this.containers = containers;
        this.time = time;
    }

    /**
     * Waits until all containers have ended for good, or one's end is decisive.
     *
     * @param decisive is asked about each end, in the order noticed
     * @return the decisive end, if there was one
     */
    public Optional<Exit> watch(Collection<ObservedContainer> members, Predicate<Exit> decisive)
            throws InterruptedException {
        members.forEach(this::add);
        return Poll.until(time, () -> {
            for (String id : watched()) {
                Optional<Exit> end = look(id).filter(decisive);
                if (end.isPresent()) {
                    return Optional.of(end);
                }
            }
            return running.isEmpty() ? Optional.of(Optional.<Exit>empty()) : Optional.empty();
        });
    }

    /** Watches one more container, from how it was when last seen. */
    void add(ObservedContainer container) {
        running.putIfAbsent(container.id(), container);
    }

    /** Identifiers of the containers that have not ended for good, as far as noticed. */
    Set<String> watched() {
        return Set.copyOf(running.keySet());
    }

    /** Looks at a container once; tells of an end that was not told before. */
    Optional<Exit> look(String id) {
        ObservedContainer before = running.get(id);
        if (before == null) {
            return Optional.empty();
        }
        Optional<ObservedContainer> now = containers.inspect(id);
        if (now.isEmpty()) {
            running.remove(id);
            return Optional.empty();
        }
        return look(before, now.get());
    }

    private Optional<Exit> look(ObservedContainer before, ObservedContainer now) {
        int code = ContainerWaiter.exitCode(now);
        return switch (now.status()) {
            case EXITED, DEAD -> {
                running.remove(now.id());
                yield Optional.of(new Exit(now, code, false));
            }
            case CREATED, RUNNING, PAUSED, RESTARTING -> {
                running.put(now.id(), now);
                boolean again = now.restarts() > before.restarts() || (isRestarting(now) && !isRestarting(before));
                boolean told = isRestarting(before) && now.restarts() == before.restarts() + 1;
                yield again && !told ? Optional.of(new Exit(now, code, true)) : Optional.empty();
            }
        };
    }

    private static boolean isRestarting(ObservedContainer container) {
        return container.status() == ObservedContainer.Status.RESTARTING;
    }
}
