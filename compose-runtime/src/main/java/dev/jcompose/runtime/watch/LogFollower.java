package dev.jcompose.runtime.watch;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.runtime.Containers;
import dev.jcompose.runtime.LogReader;
import dev.jcompose.runtime.LogReader.LogLine;
import dev.jcompose.runtime.NotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import java.util.function.Supplier;

/**
 * Merges the output of several containers: what is stored in the order of its time, then what is added as it comes, also of
 * containers that are created meanwhile. One thread does it all, so that a container's end is told after its last line.
 */
public final class LogFollower implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final Duration BETWEEN_OBSERVATIONS = Duration.ofSeconds(1);

    private final Containers containers;
    private final Supplier<List<ObservedContainer>> members;
    private final Timekeeper time;
    private final LogQuery query;
    private final SequencedMap<String, LogSource> sources = new LinkedHashMap<>();
    private final ExitWatcher exits;
    private Instant observed = Instant.EPOCH;
    private Instant looked = Instant.EPOCH;

    /** Told of lines and ends, always by the thread that follows. */
    public interface Listener {
        void line(ObservedContainer container, LogLine line);

        /** Whether to go on after this end. */
        boolean ended(Exit exit);
    }

    /** For the containers {@code members} tells, which is asked again now and then. */
    public LogFollower(
            Containers containers, Supplier<List<ObservedContainer>> members, LogQuery query, Timekeeper time) {
        this.containers = containers;
        this.members = members;
        this.query = query;
        this.time = time;
        this.exits = new ExitWatcher(containers, time);
    }

    /** Hands over what is stored. */
    public void stored(Listener listener) throws InterruptedException {
        observe(query);
        merge(listener);
    }

    /** Hands over what is stored and what is added, until all containers have ended or the listener has had enough. */
    public void follow(Listener listener) throws InterruptedException {
        stored(listener);
        sources.values().stream()
                .map(LogSource::container)
                .filter(container -> container.status() != Status.CREATED)
                .forEach(exits::add);
        Poll poll = new Poll(time);
        while (goesOn()) {
            boolean news = drainAll(listener);
            if ((!news || isPast(looked, BETWEEN_LOOKS)) && !tellEnds(listener)) {
                return;
            }
            if (news) {
                poll.hurry();
            } else if (goesOn()) {
                poll.pause();
            }
        }
    }

    @Override
    public void close() {
        sources.values().forEach(LogSource::close);
        sources.clear();
    }

    /** Looks for containers that came later when it is time, and before giving up. */
    private boolean goesOn() {
        if (exits.watched().isEmpty() || isPast(observed, BETWEEN_OBSERVATIONS)) {
            observe(new LogQuery(OptionalLong.empty(), query.since(), query.until()))
                    .forEach(exits::add);
        }
        return !exits.watched().isEmpty() && !query.isTooLate(time.now());
    }

    private boolean isPast(Instant last, Duration interval) {
        return Duration.between(last, time.now()).compareTo(interval) >= 0;
    }

    /** Opens the output of containers not known yet and returns those, and those that run again. */
    private List<ObservedContainer> observe(LogQuery wanted) {
        observed = time.now();
        List<ObservedContainer> fresh = new ArrayList<>();
        for (ObservedContainer member : members.get()) {
            if (!sources.containsKey(member.id())) {
                open(member, wanted);
                fresh.add(member);
            } else if (member.isRunning()) {
                fresh.add(member);
            }
        }
        return fresh;
    }

    private void open(ObservedContainer member, LogQuery wanted) {
        try {
            LogReader reader = containers.logs(member.id());
            reader.seek(wanted.tail(), wanted.since());
            sources.put(member.id(), new LogSource(member, reader));
        } catch (NotFoundException e) {
            sources.remove(member.id()); // removed since it was observed: it has nothing to say
        }
    }

    private boolean drainAll(Listener listener) throws InterruptedException {
        int lines = 0;
        for (LogSource source : List.copyOf(sources.values())) {
            lines += drain(source, listener);
        }
        return lines > 0;
    }

    private int drain(LogSource source, Listener listener) throws InterruptedException {
        try {
            return source.pass(line -> hand(source, line, listener));
        } catch (NotFoundException e) {
            drop(source); // removed while we read
            return 0;
        }
    }

    private void drainToEnd(LogSource source, Listener listener) throws InterruptedException {
        int lines = drain(source, listener);
        while (lines > 0) {
            lines = drain(source, listener);
        }
    }

    private void drop(LogSource source) {
        sources.remove(source.container().id());
        source.close();
    }

    private void hand(LogSource source, LogLine line, Listener listener) {
        if (!query.isTooLate(line.at())) {
            listener.line(source.container(), line);
        }
    }

    /** Tells which containers ended, each after its last line; whether to go on. */
    private boolean tellEnds(Listener listener) throws InterruptedException {
        looked = time.now();
        for (String id : exits.watched()) {
            Optional<Exit> end = exits.look(id);
            LogSource source = sources.get(id);
            if (source != null && (end.isPresent() || !exits.watched().contains(id))) {
                drainToEnd(source, listener);
            }
            if (end.isPresent() && !listener.ended(end.get())) {
                return false;
            }
        }
        return true;
    }

    /** Takes the oldest of the lines at hand again and again, until no source has one. */
    private void merge(Listener listener) throws InterruptedException {
        record Head(LogSource source, Instant at) {}
        PriorityQueue<Head> heads = new PriorityQueue<>(Comparator.comparing(Head::at));
        for (LogSource source : sources.values()) {
            source.peek().ifPresent(line -> heads.add(new Head(source, line.at())));
        }
        while (heads.size() > 1) {
            LogSource source = heads.remove().source();
            hand(source, source.take(), listener);
            source.peek().ifPresent(line -> heads.add(new Head(source, line.at())));
        }
        for (Head last : heads) { // with nothing to compare it to, it needs no reading ahead
            drainToEnd(last.source(), listener);
        }
    }
}
