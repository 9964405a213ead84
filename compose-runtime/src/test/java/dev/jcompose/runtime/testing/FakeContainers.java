package dev.jcompose.runtime.testing;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedContainer.Health;
import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.runtime.AttachRequest;
import dev.jcompose.runtime.Attachment;
import dev.jcompose.runtime.CommitRequest;
import dev.jcompose.runtime.ContainerSpec;
import dev.jcompose.runtime.Containers;
import dev.jcompose.runtime.ExecRequest;
import dev.jcompose.runtime.LogReader;
import dev.jcompose.runtime.LogReader.LogLine;
import dev.jcompose.runtime.NotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Containers in memory, with identifiers c1, c2, ... They do only what a test tells them to. */
public final class FakeContainers implements Containers {
    private final Script script;
    private final SequencedMap<String, ObservedContainer> all = new LinkedHashMap<>();
    private final Map<String, List<LogLine>> logs = new ConcurrentHashMap<>();
    private final Map<String, String> healthOutputs = new ConcurrentHashMap<>();
    private final Set<String> checked = ConcurrentHashMap.newKeySet();
    private int created;

    FakeContainers(Script script) {
        this.script = script;
    }

    /** Makes a container without a plan; its name is {@code shop-service-1}. */
    public synchronized ObservedContainer add(String service, Status status) {
        return add(service, 1, "shop-" + service + "-1", status, Map.of());
    }

    public synchronized List<ObservedContainer> list() {
        return List.copyOf(all.values());
    }

    public void status(String id, Status status) {
        change(id, c -> with(c, status, c.health(), c.exitCode(), c.restarts()));
    }

    public void health(String id, Health health) {
        change(id, c -> with(c, c.status(), health, c.exitCode(), c.restarts()));
    }

    /** Makes containers of a service begin with a health that is starting. */
    public void healthcheck(String service) {
        checked.add(service);
    }

    public void healthOutput(String id, String text) {
        healthOutputs.put(id, text);
    }

    /** Ends a container. */
    public void exit(String id, int code) {
        change(id, c -> with(c, Status.EXITED, Health.NONE, OptionalInt.of(code), c.restarts()));
    }

    /** As if its restart policy had begun its next run, {@code times} times. */
    public void restarted(String id, int code, int times) {
        change(id, c -> with(c, Status.RUNNING, c.health(), OptionalInt.of(code), c.restarts() + times));
    }

    /** As if somebody else had removed it. */
    public synchronized void vanish(String id) {
        all.remove(id);
    }

    /** Adds a line to a container's output. */
    public void log(String id, Instant at, String text) {
        logs.computeIfAbsent(id, key -> new ArrayList<>()).add(new LogLine(at, false, true, text));
    }

    @Override
    public String create(ContainerSpec spec) {
        script.happens("create " + spec.name());
        Map<String, String> labels =
                spec.replaces().isPresent() ? Map.of("replaces", spec.replaces().get()) : Map.of();
        return add(spec.service().name(), spec.number(), spec.name(), Status.CREATED, labels)
                .id();
    }

    @Override
    public void start(String id) throws InterruptedException {
        script.happensSlowly("start " + find(id).name());
        status(id, Status.RUNNING);
        if (checked.contains(find(id).service())) {
            health(id, Health.STARTING);
        }
    }

    @Override
    public void stop(String id, Optional<Duration> grace) throws InterruptedException {
        script.happensSlowly("stop " + find(id).name());
        exit(id, 143);
    }

    @Override
    public void kill(String id, String signal) {
        script.happens("kill " + signal + " " + find(id).name());
        exit(id, 137);
    }

    @Override
    public boolean resumes(String id) {
        return false;
    }

    @Override
    public void pause(String id) {
        script.happens("pause " + find(id).name());
        status(id, Status.PAUSED);
    }

    @Override
    public void unpause(String id) {
        script.happens("unpause " + find(id).name());
        status(id, Status.RUNNING);
    }

    @Override
    public String commit(String id, CommitRequest request) {
        throw new UnsupportedOperationException("no files in memory");
    }

    @Override
    public boolean hasTerminal(String id) {
        return false;
    }

    @Override
    public Attachment attach(String id, AttachRequest request) {
        throw new UnsupportedOperationException("no streams in memory");
    }

    @Override
    public void remove(String id, boolean volumes) {
        script.happens("remove " + find(id).name());
        vanish(id);
    }

    @Override
    public synchronized Optional<ObservedContainer> inspect(String id) {
        return Optional.ofNullable(all.get(id));
    }

    @Override
    public String healthOutput(String id) {
        return healthOutputs.getOrDefault(id, "");
    }

    @Override
    public int exec(String id, ExecRequest request) {
        script.happens("exec " + String.join(" ", request.command()));
        return 0;
    }

    @Override
    public LogReader logs(String id) {
        find(id);
        return new FakeLogReader(logs.computeIfAbsent(id, key -> new ArrayList<>()));
    }

    private ObservedContainer find(String id) {
        return inspect(id).orElseThrow(() -> new NotFoundException("no container " + id));
    }

    private synchronized void change(String id, UnaryOperator<ObservedContainer> change) {
        all.put(id, change.apply(find(id)));
    }

    private synchronized ObservedContainer add(
            String service, int number, String name, Status status, Map<String, String> labels) {
        created++;
        ObservedContainer container = new ObservedContainer(
                "c" + created,
                name,
                service,
                number,
                false,
                "hash",
                "busybox",
                "i1",
                List.of(),
                status,
                Health.NONE,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Instant.EPOCH.plusSeconds(created),
                Optional.empty(),
                Optional.empty(),
                0,
                new LinkedHashMap<>(Map.of("shop_default", "")),
                List.of(),
                List.of(),
                labels);
        all.put(container.id(), container);
        return container;
    }

    private static ObservedContainer with(
            ObservedContainer c, Status status, Health health, OptionalInt exitCode, int restarts) {
        return new ObservedContainer(
                c.id(),
                c.name(),
                c.service(),
                c.number(),
                c.oneOff(),
                c.configHash(),
                c.image(),
                c.imageId(),
                c.command(),
                status,
                health,
                exitCode,
                c.pid(),
                c.created(),
                c.started(),
                c.finished(),
                restarts,
                c.networks(),
                c.volumes(),
                c.ports(),
                c.labels());
    }

    /** Hands over two lines at a time, so that readers have to come again. */
    private static final class FakeLogReader implements LogReader {
        private final List<LogLine> lines;
        private int next;

        FakeLogReader(List<LogLine> lines) {
            this.lines = lines;
        }

        @Override
        public void seek(OptionalLong wanted, Optional<Instant> since) {
            next = (int) Math.max(0, lines.size() - wanted.orElse(lines.size()));
            while (next < lines.size()
                    && since.isPresent()
                    && lines.get(next).at().isBefore(since.get())) {
                next++;
            }
        }

        @Override
        public int read(Duration wait, Consumer<LogLine> sink) {
            int end = Math.min(next + 2, lines.size());
            List<LogLine> chunk = List.copyOf(lines.subList(next, end));
            next = end;
            chunk.forEach(sink);
            return chunk.size();
        }

        @Override
        public void close() {}
    }
}
