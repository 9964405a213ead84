package dev.jcompose.runtime.linux;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.AttachRequest;
import dev.jcompose.runtime.Attachment;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.CommitRequest;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.ContainerSpec;
import dev.jcompose.runtime.Containers;
import dev.jcompose.runtime.ExecRequest;
import dev.jcompose.runtime.LogReader;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.ContainerState.Status;
import dev.jcompose.runtime.linux.shim.ContainerStateFile;
import dev.jcompose.runtime.linux.shim.FileLogReader;
import dev.jcompose.runtime.linux.shim.HelperBinary;
import dev.jcompose.runtime.linux.shim.HelperException;
import java.time.Duration;
import java.util.Optional;

/** The native backend's containers: created as plans on disk, brought to life by their project's supervisor. */
final class NativeContainers implements Containers {
    private static final int SIGKILL = 9;

    private final ContainerIndex index;
    private final ContainerStates states;
    private final ContainerCreation creation;
    private final ContainerRemoval removal;
    private final Supervisors supervisors;
    private final Foundations foundations;
    private final Observer observer;
    private final EventLog events;
    private final StartFailure failures;
    private final ExecRunner execs;
    private final Hooks hooks;
    private final HelperBinary helper;
    private final ContainerCommit commit;

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
        this.helper = processes.helper();
        this.commit = new ContainerCommit(observation.images());
        this.foundations = observation.foundations();
        this.observer = new Observer(states, foundations);
        this.events = observation.events();
    }

    /** What knows the containers there are and what has become of them. */
    record Observation(
            ContainerIndex index,
            ContainerStates states,
            Foundations foundations,
            EventLog events,
            ImageStore images) {}

    /** What deals with processes of the helper. */
    record NativeProcesses(Supervisors supervisors, StartFailure failures, ExecRunner execs, HelperBinary helper) {}

    @Override
    public String create(ContainerSpec spec) {
        supervisors.prepare(spec.project().name());
        var id = creation.create(spec);
        events.note(index.plan(index.require(id)), "create");
        return id;
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
        Intent.RUNNING.note(files);
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
        if (Intent.of(files) != Intent.NONE) {
            Intent.STOPPED.note(files);
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
        if (number == SIGKILL || number == index.plan(files).number("stop")) {
            Intent.STOPPED.note(files);
        }
    }

    @Override
    public boolean resumes(String id) {
        var files = index.require(id);
        var intent = Intent.of(files);
        boolean wanted = switch (index.plan(files).text("restart")) {
            case "always" -> intent != Intent.NONE;
            case "unless-stopped" -> intent == Intent.RUNNING;
            default -> false;
        };
        return wanted && new ContainerStateFile().isBeforeBoot(files);
    }

    @Override
    public void pause(String id) throws InterruptedException {
        var files = index.require(id);
        var status = states.of(files).status();
        if (status == Status.PAUSED) {
            throw new ConflictException("container " + index.plan(files).name() + " is already paused");
        }
        if (status != Status.RUNNING) {
            throw new ConflictException("container " + index.plan(files).name() + " is not running");
        }
        ask(files, "pause");
    }

    @Override
    public void unpause(String id) throws InterruptedException {
        var files = index.require(id);
        if (states.of(files).status() != Status.PAUSED) {
            throw new ConflictException("container " + index.plan(files).name() + " is not paused");
        }
        ask(files, "resume");
    }

    @Override
    public String commit(String id, CommitRequest request) throws InterruptedException {
        var files = index.require(id);
        boolean pauses = request.pause() && states.of(files).status() == Status.RUNNING;
        if (pauses) {
            pause(id);
        }
        try {
            return commit.commit(files, index.plan(files), request);
        } finally {
            if (pauses) {
                unpause(id);
            }
        }
    }

    @Override
    public boolean hasTerminal(String id) {
        return index.plan(index.require(id)).first("tty").isPresent();
    }

    @Override
    public Attachment attach(String id, AttachRequest request) {
        return new HelperAttachment(helper, index.require(id), request);
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
        events.note(plan, "destroy");
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
        if (state.status() == Status.PAUSED) {
            throw new ConflictException("container " + index.plan(files).name() + " is paused: unpause it first");
        }
        return execs.run(files, state, request);
    }

    @Override
    public LogReader logs(String id) {
        return new FileLogReader(index.require(id).log());
    }
}
