package dev.jcompose.runtime.execute;

import dev.jcompose.model.Build;
import dev.jcompose.model.NetworkConfig;
import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.model.VolumeConfig;
import dev.jcompose.planner.Action;
import dev.jcompose.planner.Action.AwaitContainer;
import dev.jcompose.planner.Action.BuildImage;
import dev.jcompose.planner.Action.CreateContainer;
import dev.jcompose.planner.Action.CreateNetwork;
import dev.jcompose.planner.Action.CreateVolume;
import dev.jcompose.planner.Action.KillContainer;
import dev.jcompose.planner.Action.PauseContainer;
import dev.jcompose.planner.Action.PullImage;
import dev.jcompose.planner.Action.PushImage;
import dev.jcompose.planner.Action.RemoveContainer;
import dev.jcompose.planner.Action.RemoveNetwork;
import dev.jcompose.planner.Action.RemoveVolume;
import dev.jcompose.planner.Action.StartContainer;
import dev.jcompose.planner.Action.StopContainer;
import dev.jcompose.planner.Action.UnpauseContainer;
import dev.jcompose.planner.state.ObservedProject;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.ContainerFailedException;
import dev.jcompose.runtime.ContainerSpec;
import dev.jcompose.runtime.Images.BuildRequest;
import dev.jcompose.runtime.NotFoundException;
import dev.jcompose.runtime.watch.ContainerWaiter;
import dev.jcompose.runtime.watch.Timekeeper;
import java.util.Map;
import java.util.Optional;

/** Turns each action into backend calls: the only place where plans and backends meet. Good for one plan. */
public final class BackendActionRunner implements ActionRunner {
    private final Backend backend;
    private final Optional<Project> declared;
    private final BuildOptions builds;
    private final KnownContainers known;
    private final ContainerWaiter waiter;

    /** Plans that only stop and remove need no declared project. */
    public BackendActionRunner(
            Backend backend, Optional<Project> declared, ObservedProject observed, BuildOptions builds) {
        this(backend, declared, observed, builds, Timekeeper.system());
    }

    BackendActionRunner(
            Backend backend,
            Optional<Project> declared,
            ObservedProject observed,
            BuildOptions builds,
            Timekeeper time) {
        this.backend = backend;
        this.declared = declared;
        this.builds = builds;
        this.known = new KnownContainers(observed);
        this.waiter = new ContainerWaiter(backend.containers(), time);
    }

    @Override
    public void run(Action action, StepReport report) throws InterruptedException {
        switch (action) {
            case PullImage pull ->
                backend.images().pull(pull.image(), service(pull.service()).platform(), report::layer);
            case PushImage push -> backend.images().push(push.image(), report::layer);
            case BuildImage build -> build(build, report);
            case CreateNetwork create -> backend.networks().create(project().name(), network(create.key()));
            case RemoveNetwork remove -> removeNetwork(remove.name(), report);
            case CreateVolume create -> backend.volumes().create(project().name(), volume(create.key()));
            case RemoveVolume remove -> removeVolume(remove.name(), report);
            case CreateContainer create -> create(create);
            case StartContainer start -> backend.containers().start(known.id(start.name()));
            case AwaitContainer await -> await(await, report);
            case StopContainer stop -> stop(stop);
            case KillContainer kill -> backend.containers().kill(kill.id(), kill.signal());
            case PauseContainer pause -> backend.containers().pause(pause.id());
            case UnpauseContainer unpause -> backend.containers().unpause(unpause.id());
            case RemoveContainer remove -> remove(remove);
        }
    }

    private void build(BuildImage action, StepReport report) throws InterruptedException {
        Service service = service(action.service());
        Build build = service.build()
                .map(declaredBuild -> builds.over(
                        declaredBuild, name -> service(name).imageOr(project().name())))
                .orElseThrow(() -> new IllegalArgumentException("nothing to build: " + action));
        var request = new BuildRequest(
                action.image(),
                build,
                Map.of("com.docker.compose.project", project().name(), "com.docker.compose.service", service.name()),
                project().environment(),
                build.noCache(),
                project().secrets(),
                builds.memory());
        backend.images().build(request, report::progress);
    }

    private void create(CreateContainer create) {
        var spec = new ContainerSpec(
                project(),
                service(create.service()),
                create.number(),
                create.name(),
                Optional.empty(),
                create.replaces());
        known.created(create.name(), backend.containers().create(spec));
    }

    private void await(AwaitContainer await, StepReport report) throws InterruptedException {
        try {
            waiter.await(known.id(await.name()), await.name(), await.condition());
        } catch (ContainerFailedException e) {
            if (await.required()) {
                throw e;
            }
            report.warned("going on without optional dependency \"%s\": %s".formatted(await.service(), e.getMessage()));
        }
    }

    private void stop(StopContainer stop) throws InterruptedException {
        try {
            backend.containers().stop(stop.id(), stop.grace());
        } catch (NotFoundException e) {
            known.removed(stop.id()); // somebody else removed it: it does not run
        }
    }

    private void remove(RemoveContainer remove) throws InterruptedException {
        try {
            backend.containers().remove(remove.id(), remove.volumes());
        } catch (NotFoundException e) {
            known.removed(remove.id()); // somebody else was faster
        }
        known.removed(remove.id());
    }

    private void removeNetwork(String name, StepReport report) {
        try {
            backend.networks().remove(name);
        } catch (ConflictException e) {
            report.warned("network \"%s\" stays: %s".formatted(name, e.getMessage()));
        } catch (NotFoundException e) {
            report.progress("gone already");
        }
    }

    private void removeVolume(String name, StepReport report) {
        try {
            backend.volumes().remove(name);
        } catch (ConflictException e) {
            report.warned("volume \"%s\" stays: %s".formatted(name, e.getMessage()));
        } catch (NotFoundException e) {
            report.progress("gone already");
        }
    }

    private Project project() {
        return declared.orElseThrow(() -> new IllegalStateException("this plan needs a declared project"));
    }

    private Service service(String name) {
        return Optional.ofNullable(project().services().get(name))
                .or(() -> Optional.ofNullable(project().disabledServices().get(name)))
                .orElseThrow(() -> new IllegalStateException("no such service: " + name));
    }

    private NetworkConfig network(String key) {
        return Optional.ofNullable(project().networks().get(key))
                .orElseThrow(() -> new IllegalStateException("no such network: " + key));
    }

    private VolumeConfig volume(String key) {
        return Optional.ofNullable(project().volumes().get(key))
                .orElseThrow(() -> new IllegalStateException("no such volume: " + key));
    }
}
