package dev.jcompose.planner.testing;

import static java.util.stream.Collectors.joining;

import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.model.Mount.NamedVolume;
import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.planner.Action;
import dev.jcompose.planner.Plan;
import dev.jcompose.planner.Step;
import dev.jcompose.planner.graph.Dependencies;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedContainer.Health;
import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.planner.state.ObservedProject;
import dev.jcompose.planner.state.ObservedProject.ObservedNetwork;
import dev.jcompose.planner.state.ObservedProject.ObservedVolume;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A backend that exists only on paper: it carries plans out on a description of what exists, and refuses what a real one
 * would. Containers are called c1, c2, ... in the order of their creation; a dependency that is awaited gets ready.
 */
public final class PaperBackend {
    private final SequencedMap<String, ObservedContainer> containers = new LinkedHashMap<>();
    private final SequencedMap<String, ObservedNetwork> networks = new TreeMap<>();
    private final SequencedMap<String, ObservedVolume> volumes = new TreeMap<>();
    private final Map<String, String> images = new TreeMap<>();
    private final Set<String> going = new HashSet<>();
    private int created;

    public PaperBackend() {
        images.put("busybox", "i1");
    }

    public ObservedProject observe() {
        return new ObservedProject(
                "shop",
                List.copyOf(containers.values()),
                List.copyOf(networks.values()),
                List.copyOf(volumes.values()),
                images);
    }

    public PaperBackend image(String reference, String id) {
        images.put(reference, id);
        return this;
    }

    public PaperBackend network(String name, String project) {
        networks.put(name, new ObservedNetwork(name, project, name, project.isEmpty() ? "" : "n1"));
        return this;
    }

    public PaperBackend volume(String name, String project) {
        volumes.put(name, new ObservedVolume(name, project, name, project.isEmpty() ? "" : "v1"));
        return this;
    }

    public PaperBackend forgetNetwork(String name) {
        networks.remove(name);
        return this;
    }

    /** Changes what is known of one container. */
    public PaperBackend change(String id, UnaryOperator<ObservedContainer> change) {
        containers.put(id, change.apply(container(id)));
        return this;
    }

    public PaperBackend add(ObservedContainer container) {
        containers.put(container.id(), container);
        return this;
    }

    /** Jobs that ended run again and go on. */
    public void keepEndedRunning() {
        List.copyOf(containers.values()).stream()
                .filter(c -> c.status() == Status.EXITED)
                .forEach(c -> add(with(c, Status.RUNNING, Health.NONE)));
    }

    /** Carries out a plan step by step. */
    public PaperBackend run(Project project, Plan plan) {
        return run(project, plan.steps(), plan.steps().size());
    }

    /** Carries out the first steps of a plan, as if the rest had been cut off. */
    public PaperBackend run(Project project, List<Step> steps, int count) {
        going.clear();
        steps.stream()
                .map(Step::action)
                .filter(Action.RemoveContainer.class::isInstance)
                .forEach(action -> going.add(((Action.RemoveContainer) action).id()));
        steps.subList(0, count).forEach(step -> perform(project, step.action()));
        return this;
    }

    private void perform(Project project, Action action) {
        switch (action) {
            case Action.PullImage pull -> images.putIfAbsent(pull.image(), "i1");
            case Action.PushImage push -> check(images.containsKey(push.image()), "no image: " + push);
            case Action.BuildImage build -> images.putIfAbsent(build.image(), "i1");
            case Action.CreateNetwork create -> {
                check(!networks.containsKey(create.name()), "network exists: " + create);
                String hash = known(project.networks(), create.key()).configHash();
                networks.put(create.name(), new ObservedNetwork(create.name(), "shop", create.key(), hash));
            }
            case Action.RemoveNetwork remove -> {
                check(
                        containers.values().stream()
                                .noneMatch(c -> c.isRunning() && c.networks().containsKey(remove.name())),
                        "network in use: " + remove);
                check(networks.remove(remove.name()) != null, "no network: " + remove);
            }
            case Action.CreateVolume create -> {
                check(!volumes.containsKey(create.name()), "volume exists: " + create);
                String hash = known(project.volumes(), create.key()).configHash();
                volumes.put(create.name(), new ObservedVolume(create.name(), "shop", create.key(), hash));
            }
            case Action.RemoveVolume remove -> {
                check(
                        containers.values().stream().noneMatch(c -> c.volumes().contains(remove.name())),
                        "volume in use: " + remove);
                check(volumes.remove(remove.name()) != null, "no volume: " + remove);
            }
            case Action.CreateContainer create -> create(project, create);
            case Action.StartContainer start -> start(project, named(start.name()));
            case Action.PauseContainer pause -> check(containers.containsKey(pause.id()), "no container: " + pause);
            case Action.UnpauseContainer unpause ->
                check(containers.containsKey(unpause.id()), "no container: " + unpause);
            case Action.AwaitContainer await -> await(named(await.name()), await.condition());
            case Action.StopContainer stop -> change(stop.id(), c -> with(c, Status.EXITED, Health.NONE));
            case Action.KillContainer kill -> change(kill.id(), c -> with(c, Status.EXITED, Health.NONE));
            case Action.RemoveContainer remove -> {
                check(!container(remove.id()).isRunning(), "container runs: " + remove);
                containers.remove(remove.id());
            }
        }
    }

    private void create(Project project, Action.CreateContainer create) {
        Service service = service(project, create.service());
        String image = service.imageOr("shop");
        check(images.containsKey(image), "no image: " + create);
        create.replaces().ifPresent(this::container);
        check(
                containers.values().stream()
                        .noneMatch(c -> c.name().equals(create.name())
                                && !create.replaces().equals(Optional.of(c.id()))),
                "name taken: " + create);
        SequencedMap<String, String> joined = new LinkedHashMap<>();
        service.networking()
                .networks()
                .keySet()
                .forEach(key -> joined.put(known(project.networks(), key).name(), ""));
        check(networks.keySet().containsAll(joined.keySet()), "no network: " + create);
        List<String> mounted = service.storage().mounts().stream()
                .map(mount ->
                        known(project.volumes(), ((NamedVolume) mount).volume()).name())
                .toList();
        check(volumes.keySet().containsAll(mounted), "no volume: " + create);
        for (String donor : Dependencies.donors(service)) {
            check(containers.values().stream().anyMatch(c -> c.service().equals(donor)), "no donor: " + create);
        }
        created++;
        String remembered = Dependencies.of(service).entrySet().stream()
                .map(need -> "%s:%s:%s"
                        .formatted(
                                need.getKey(),
                                need.getValue().condition().text(),
                                need.getValue().restart()))
                .collect(joining(","));
        add(new ObservedContainer(
                "c" + created,
                create.name(),
                create.service(),
                create.number(),
                false,
                service.configHash(),
                image,
                String.valueOf(images.get(image)),
                List.of(),
                Status.CREATED,
                Health.NONE,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Instant.ofEpochSecond(created),
                Optional.empty(),
                Optional.empty(),
                0,
                joined,
                mounted,
                List.of(),
                Map.of("com.docker.compose.depends_on", remembered)));
    }

    private void start(Project project, ObservedContainer container) {
        check(!container.isRunning(), "started twice: " + container.name());
        check(networks.keySet().containsAll(container.networks().keySet()), "no network: " + container.name());
        Dependencies.of(service(project, container.service())).forEach((needed, dependency) -> {
            for (ObservedContainer other : containers.values()) {
                if (other.service().equals(needed) && !other.oneOff() && !going.contains(other.id())) {
                    check(isReady(other, dependency.condition()), container.name() + " starts before " + other.name());
                }
            }
        });
        change(container.id(), c -> with(c, Status.RUNNING, Health.STARTING));
    }

    private static boolean isReady(ObservedContainer container, Condition condition) {
        return switch (condition) {
            case STARTED -> container.isRunning() || container.status() == Status.EXITED;
            case HEALTHY -> container.isRunning() && container.health() == Health.HEALTHY;
            case COMPLETED -> container.status() == Status.EXITED;
        };
    }

    private void await(ObservedContainer container, Condition condition) {
        check(condition == Condition.COMPLETED || container.isRunning(), "waits for ever: " + container.name());
        change(
                container.id(),
                c -> condition == Condition.COMPLETED
                        ? with(c, Status.EXITED, Health.NONE)
                        : with(c, Status.RUNNING, Health.HEALTHY));
    }

    private ObservedContainer container(String id) {
        return Optional.ofNullable(containers.get(id)).orElseThrow(() -> new AssertionError("no container " + id));
    }

    private ObservedContainer named(String name) {
        List<ObservedContainer> found =
                containers.values().stream().filter(c -> c.name().equals(name)).toList();
        check(found.size() == 1, "containers called " + name + ": " + found.size());
        return found.getFirst();
    }

    private static Service service(Project project, String name) {
        return Optional.ofNullable(project.services().get(name))
                .orElseGet(() -> project.disabledServices().get(name));
    }

    private static <T> T known(Map<String, T> declared, String key) {
        return Optional.ofNullable(declared.get(key)).orElseThrow(() -> new AssertionError("not declared: " + key));
    }

    private static void check(boolean claim, String otherwise) {
        if (!claim) {
            throw new AssertionError(otherwise);
        }
    }

    /** The same container in another state. */
    public static ObservedContainer with(ObservedContainer c, Status status, Health health) {
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
                c.exitCode(),
                c.pid(),
                c.created(),
                c.started(),
                c.finished(),
                c.restarts(),
                c.networks(),
                c.volumes(),
                c.ports(),
                c.labels());
    }

    /** The same container under another service, as a one-off when asked. */
    public static ObservedContainer as(ObservedContainer c, String id, String name, String service, boolean oneOff) {
        return new ObservedContainer(
                id,
                name,
                service,
                c.number(),
                oneOff,
                c.configHash(),
                c.image(),
                c.imageId(),
                c.command(),
                c.status(),
                c.health(),
                c.exitCode(),
                c.pid(),
                c.created(),
                c.started(),
                c.finished(),
                c.restarts(),
                c.networks(),
                c.volumes(),
                c.ports(),
                c.labels());
    }
}
