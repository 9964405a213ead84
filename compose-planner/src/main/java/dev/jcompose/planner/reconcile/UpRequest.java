package dev.jcompose.planner.reconcile;

import dev.jcompose.model.Mount.NamedVolume;
import dev.jcompose.model.NetworkConfig;
import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.model.VolumeConfig;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.planner.UpOptions;
import dev.jcompose.planner.graph.ServiceGraph;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedProject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything a plan of {@code up} is made from.
 *
 * @param targets the services asked for; {@code selected} those and, when wanted, what they need, in dependency order
 */
record UpRequest(
        Project declared,
        ObservedProject observed,
        UpOptions options,
        ServiceGraph graph,
        Set<String> targets,
        List<Service> selected) {

    static UpRequest of(Project project, ObservedProject observed, UpOptions options) {
        List<String> named = new ArrayList<>(options.services());
        options.scale().keySet().stream().sorted().forEach(name -> Selection.check(name, allNames(project)));
        Project declared = Selection.enable(project, named);
        ServiceGraph graph = ServiceGraph.of(declared);
        Set<String> targets = named.isEmpty() ? declared.services().keySet() : new LinkedHashSet<>(named);
        Set<String> selected = options.withDependencies() ? graph.withDependencies(targets) : targets;
        List<Service> inOrder = graph.order().stream()
                .filter(selected::contains)
                .map(name -> service(declared, name))
                .toList();
        return new UpRequest(declared, observed, options, graph, targets, inOrder);
    }

    /** Whether a container that is not the service's own is about to be made. */
    boolean isOneOff(Service service) {
        return options.oneOff() && targets.contains(service.name());
    }

    /** How many containers a service is to have. */
    int wanted(Service service) {
        return options.scale().getOrDefault(service.name(), service.scale());
    }

    String image(Service service) {
        return service.imageOr(declared.name());
    }

    String containerName(Service service, int number) {
        return service.containerName().orElseGet(() -> declared.name() + "-" + service.name() + "-" + number);
    }

    /** The service's own containers, those of {@code run} left out, by number and age. */
    List<ObservedContainer> containersOf(String service) {
        return observed.containers().stream()
                .filter(container -> !container.oneOff() && container.service().equals(service))
                .sorted(UpRequest::byNumberAndAge)
                .toList();
    }

    private static int byNumberAndAge(ObservedContainer one, ObservedContainer other) {
        int order = Integer.compare(one.number(), other.number());
        if (order == 0) {
            order = one.created().compareTo(other.created());
        }
        return order == 0 ? one.id().compareTo(other.id()) : order;
    }

    /** The networks a service joins. */
    List<NetworkConfig> networksOf(Service service) {
        return service.networking().networks().keySet().stream()
                .map(key -> network(service, key))
                .toList();
    }

    /** The named volumes a service mounts, each once. */
    List<VolumeConfig> volumesOf(Service service) {
        return service.storage().mounts().stream()
                .filter(NamedVolume.class::isInstance)
                .map(mount -> ((NamedVolume) mount).volume())
                .distinct()
                .map(key -> volume(service, key))
                .toList();
    }

    private NetworkConfig network(Service service, String key) {
        NetworkConfig network = declared.networks().get(key);
        if (network == null) {
            throw new ComposeException(
                    "service \"%s\" refers to undefined network \"%s\"".formatted(service.name(), key));
        }
        return network;
    }

    private VolumeConfig volume(Service service, String key) {
        VolumeConfig volume = declared.volumes().get(key);
        if (volume == null) {
            throw new ComposeException(
                    "service \"%s\" refers to undefined volume \"%s\"".formatted(service.name(), key));
        }
        return volume;
    }

    private static Service service(Project project, String name) {
        Service service = project.services().get(name);
        if (service == null) {
            throw new IllegalStateException("the graph has a service the project does not: " + name);
        }
        return service;
    }

    private static Set<String> allNames(Project project) {
        Set<String> names = new LinkedHashSet<>(project.services().keySet());
        names.addAll(project.disabledServices().keySet());
        return names;
    }
}
