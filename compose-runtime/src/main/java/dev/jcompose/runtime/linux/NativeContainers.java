package dev.jcompose.runtime.linux;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.ContainerSpec;
import dev.jcompose.runtime.Containers;
import dev.jcompose.runtime.ExecRequest;
import dev.jcompose.runtime.LogReader;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.ContainerStateFile;
import dev.jcompose.runtime.linux.shim.FileLogReader;
import dev.jcompose.runtime.linux.shim.HelperException;
import java.time.Duration;
import java.util.Optional;

/** The native backend's containers: created as plans on disk, brought to life by their project's supervisor. */
final class NativeContainers implements Containers {
    private final ContainerIndex index;
    private final ContainerStates states;
    private final ContainerCreation creation;
    private final ContainerRemoval removal;
    private final Supervisors supervisors;
    private final Foundations foundations;
    private final Observer observer;
    private final StartFailure failures;
    private final ExecRunner execs;
    private final Hooks hooks;

    NativeContainers(
            Observation observation, ContainerCreation creation, ContainerRemoval removal, NativeProcesses processes) {
        this.index = observation.index();
        this.states = observation.states();
        this.creation = creation;
        this.removal = removal;
        this.supervisors = processes.supervisors();
        this.failures = processes.failures();
        this.execs = processes.execs();
        this.hooks = new Hooks(execs);
        this.foundations = observation.foundations();
        this.observer = new Observer(states, foundations);
    }

    /** What knows the containers there are and what has become of them. */
    record Observation(ContainerIndex index, ContainerStates states, Foundations foundations) {}

    /** What deals with processes of the helper. */
    record NativeProcesses(Supervisors supervisors, StartFailure failures, ExecRunner execs) {}

    @Override
    public String create(ContainerSpec spec) {
        supervisors.prepare(spec.project().name());
        return creation.create(spec);
    }

    @Override
    public void start(String id) throws InterruptedException {
        var files = index.require(id);
        if (states.of(files).isAlive() && states.of(files).pid().isPresent()) {
            return;
        }
        var plan = index.plan(files);
        foundations.missing(plan, states.of(files)).ifPresent(what -> {
            throw new BackendException(
                    "cannot start container " + plan.name() + ": " + what + "; recreate it with \"jcompose up\"");
        });
        if (SharedNamespaces.hasAny(plan)) {
            SharedNamespaces.located(plan, index, states).writeTo(files.plan());
        }
        try {
            supervisors.of(files.project()).ask("start", files.id12());
        } catch (HelperException e) {
            throw failures.of(plan, e);
        }
        hooks.run(Hooks.POST_START, plan, files, states.of(files));
    }

    @Override
    public void stop(String id, Optional<Duration> grace) throws InterruptedException {
        var files = index.require(id);
        var state = states.of(files);
        if (state.isAlive()) {
            if (state.pid().isPresent()) {
                hooks.run(Hooks.PRE_STOP, index.plan(files), files, state);
            }
            var millis = grace.map(time -> Long.toString(time.toMillis())).orElse("");
            ask(files, "stop", millis, "");
        }
    }

    @Override
    public void kill(String id, String signal) throws InterruptedException {
        var files = index.require(id);
        var number = Signals.number(signal)
                .orElseThrow(() -> new BackendException("\"" + signal + "\" is no signal (like SIGHUP, HUP or 1)"));
        if (!states.of(files).isAlive()) {
            throw new ConflictException(
                    "cannot kill container " + index.plan(files).name() + ": it is not running");
        }
        ask(files, "kill", Integer.toString(number));
    }

    private void ask(ContainerFiles files, String key, String... fields) throws InterruptedException {
        var all = new String[fields.length + 1];
        all[0] = files.id12();
        System.arraycopy(fields, 0, all, 1, fields.length);
        try {
            supervisors.of(files.project()).ask(key, all);
        } catch (HelperException e) {
            throw new BackendException(
                    "cannot " + key + " container " + index.plan(files).name() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void remove(String id, boolean volumes) throws InterruptedException {
        var files = index.find(id);
        if (files.isEmpty()) {
            return;
        }
        var plan = index.plan(files.get());
        removal.remove(files.get(), plan, volumes);
    }

    @Override
    public Optional<ObservedContainer> inspect(String id) {
        return index.find(id)
                .flatMap(files -> ContainerPlan.read(files.plan()).map(plan -> observer.observe(files, plan)));
    }

    @Override
    public String healthOutput(String id) {
        return ContainerStateFile.lastHealthOutput(index.require(id));
    }

    @Override
    public int exec(String id, ExecRequest request) throws InterruptedException {
        var files = index.require(id);
        var state = states.of(files);
        if (!state.isAlive() || state.pid().isEmpty()) {
            throw new ConflictException("container " + index.plan(files).name() + " is not running");
        }
        return execs.run(files, state, request);
    }

    @Override
    public LogReader logs(String id) {
        return new FileLogReader(index.require(id).log());
    }
}
