package dev.jcompose.cli.command;

import dev.jcompose.cli.command.AttachOptions.Abort;
import dev.jcompose.cli.command.PlanRunner.Target;
import dev.jcompose.cli.output.FlushingTime;
import dev.jcompose.cli.output.LogPrinter;
import dev.jcompose.cli.output.OutputClosedException;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedProject;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.LogReader.LogLine;
import dev.jcompose.runtime.execute.BuildOptions;
import dev.jcompose.runtime.execute.TaskGroup;
import dev.jcompose.runtime.execute.TaskGroup.Task;
import dev.jcompose.runtime.watch.Exit;
import dev.jcompose.runtime.watch.LogFollower;
import dev.jcompose.runtime.watch.LogFollower.Listener;
import dev.jcompose.runtime.watch.LogQuery;
import dev.jcompose.runtime.watch.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The second half of an {@code up} in the foreground: starts containers while it shows what they write, until they have ended, one end
 * is to end all, or the user interrupts. The first interrupt stops the services asked for, shown or not, a second one kills them.
 */
final class AttachedRun implements Listener {
    private static final Duration BETWEEN_STARTS = Duration.ofMillis(20);

    private final ProjectWork work;
    private final Target target;
    private final AttachOptions options;
    private final Services services;
    private final Supplier<List<ObservedContainer>> containers;
    private final Instant begin = Instant.now();
    private final LogPrinter printer;
    private final Set<String> ended = new HashSet<>();
    private volatile Optional<Exit> decisive = Optional.empty();
    private volatile Optional<Thread> starter = Optional.empty();
    private volatile boolean starting = true;

    /** The services whose output is shown, and those to stop in the end; both are among what is started. */
    record Services(Set<String> shown, Set<String> stopped) {}

    /** For all containers that are started. */
    AttachedRun(
            ProjectWork work,
            Target target,
            AttachOptions options,
            Services services,
            Supplier<List<ObservedContainer>> containers) {
        this.work = work;
        this.target = target;
        this.options = options;
        this.services = services;
        this.containers = containers;
        this.printer = options.printer(work.report());
    }

    /** Carries out the plan that starts containers; {@code lock} is closed as soon as they have started. */
    int run(Plan start, Backend.Lock lock, Optional<Duration> timeout) throws InterruptedException {
        announce();
        var time = new FlushingTime(printer, Timekeeper.system());
        var sinceBegin = new LogQuery(OptionalLong.empty(), Optional.of(begin), Optional.empty());
        try (var follower = new LogFollower(target.backend().containers(), this::members, sinceBegin, time)) {
            try {
                together(() -> start(start, lock), () -> follow(follower));
            } catch (InterruptedException | OutputClosedException e) {
                stopGracefully(follower, timeout);
                throw e;
            }
            if (decisive.isPresent()) {
                work.report().print("Aborting on container exit...");
                stop(follower, allServices(), timeout);
            }
            return exitCode();
        } finally {
            printer.flush();
        }
    }

    @Override
    public void line(ObservedContainer container, LogLine line) {
        if (services.shown().contains(container.service())) {
            printer.print(name(container), line);
        }
    }

    @Override
    public boolean ended(Exit exit) {
        var container = exit.container();
        if (!exit.restarting() && !ended.add(container.id())) {
            return true; // told before
        }
        if (services.shown().contains(container.service())) {
            printer.event(
                    name(container), "exited with code " + exit.code() + (exit.restarting() ? " (restarting)" : ""));
        }
        if (!exit.restarting() && decisive.isEmpty() && endsAll(exit)) {
            decisive = Optional.of(exit);
        }
        return decisive.isEmpty();
    }

    private boolean endsAll(Exit exit) {
        return switch (options.abort()) {
            case NEVER -> false;
            case ON_FAILURE -> exit.code() != 0;
            case ON_EXIT -> true;
        };
    }

    private void announce() {
        var names = containers.get().stream()
                .filter(container -> services.shown().contains(container.service()))
                .map(this::name)
                .sorted()
                .toList();
        printer.register(names);
        work.report().print("Attaching to " + String.join(", ", names));
        printer.flush();
    }

    private void start(Plan plan, Backend.Lock lock) throws InterruptedException {
        starter = Optional.of(Thread.currentThread());
        try {
            if (decisive.isEmpty()) {
                work.runner()
                        .run(
                                plan,
                                target,
                                BuildOptions.defaults(),
                                work.report().quiet());
            }
        } catch (InterruptedException e) {
            if (decisive.isEmpty()) {
                throw e;
            }
        } finally {
            starter = Optional.empty();
            starting = false;
            lock.close();
        }
    }

    private void follow(LogFollower follower) throws InterruptedException {
        boolean last;
        do {
            Thread.sleep(BETWEEN_STARTS);
            last = !starting;
            follower.follow(this);
        } while (!last && decisive.isEmpty());
        if (decisive.isPresent()) {
            starter.ifPresent(Thread::interrupt); // nothing more is to start
        }
    }

    private void stopGracefully(LogFollower follower, Optional<Duration> timeout) throws InterruptedException {
        work.report().tell("Gracefully Stopping... press Ctrl+C again to force");
        try {
            stop(follower, services.stopped(), timeout);
        } catch (InterruptedException e) {
            var observed = observe();
            var plan =
                    work.planner().kill(target.declared(), observed, List.copyOf(services.stopped()), "SIGKILL", false);
            change("kill", plan);
        }
    }

    /** Stops services, still showing what they write. */
    private void stop(LogFollower follower, Collection<String> names, Optional<Duration> timeout)
            throws InterruptedException {
        try (var group = new TaskGroup()) {
            group.fork("logs", () -> follower.follow(this));
            var plan = work.planner().stop(target.declared(), observe(), List.copyOf(names), timeout);
            change("stop", plan);
        }
        follower.stored(this);
        tellEnds();
    }

    private void tellEnds() {
        containers.get().stream()
                .filter(container -> services.shown().contains(container.service()) && !container.isRunning())
                .filter(container -> container.exitCode().isPresent())
                .forEach(container ->
                        ended(new Exit(container, container.exitCode().getAsInt(), false)));
    }

    private void change(String title, Plan plan) throws InterruptedException {
        var name = target.observed().name();
        work.locked(
                target.backend(),
                name,
                () -> work.runner().run(title, plan, new Target(target.backend(), target.declared(), observe())));
    }

    private int exitCode() {
        return options.exitCodeFrom()
                .map(this::exitCodeOf)
                .orElseGet(() -> decisive.map(Exit::code).orElse(0));
    }

    private int exitCodeOf(String service) {
        return containers.get().stream()
                .filter(container -> container.service().equals(service))
                .filter(container -> container.exitCode().isPresent())
                .mapToInt(container -> container.exitCode().getAsInt())
                .findFirst()
                .orElse(0);
    }

    /** What has run since the beginning: containers that are only created have nothing to show yet. */
    private List<ObservedContainer> members() {
        boolean all = options.abort() != Abort.NEVER;
        return containers.get().stream()
                .filter(container -> all || services.shown().contains(container.service()))
                .filter(container -> container.isRunning()
                        || container
                                .finished()
                                .filter(end -> !end.isBefore(begin))
                                .isPresent())
                .toList();
    }

    private Set<String> allServices() {
        var services = new HashSet<String>();
        containers.get().forEach(container -> services.add(container.service()));
        return services;
    }

    private ObservedProject observe() {
        return target.backend().observe(target.observed().name(), List.of());
    }

    private String name(ObservedContainer container) {
        return PrintingListener.name(container, target.observed().name());
    }

    private static void together(Task one, Task other) throws InterruptedException {
        try (var group = new TaskGroup()) {
            group.fork("start", one);
            group.fork("logs", other);
            group.join();
        }
    }
}
