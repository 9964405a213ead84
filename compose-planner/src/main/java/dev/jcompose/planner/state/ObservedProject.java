package dev.jcompose.planner.state;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What exists now for one project.
 *
 * @param networks every network of the backend, whichever project it is of, so that external ones can be found
 * @param volumes every named volume of the backend, likewise
 * @param images identifier of each image asked about that is present, by the reference it was asked with
 * @param imageAges how long ago each of them was fetched, built or loaded, where that is known
 */
public record ObservedProject(
        String name,
        List<ObservedContainer> containers,
        List<ObservedNetwork> networks,
        List<ObservedVolume> volumes,
        Map<String, String> images,
        Map<String, Duration> imageAges) {
    public ObservedProject {
        containers = List.copyOf(containers);
        networks = List.copyOf(networks);
        volumes = List.copyOf(volumes);
        images = Map.copyOf(images);
        imageAges = Map.copyOf(imageAges);
    }

    /** A project of whose images nobody knows how old they are. */
    public ObservedProject(
            String name,
            List<ObservedContainer> containers,
            List<ObservedNetwork> networks,
            List<ObservedVolume> volumes,
            Map<String, String> images) {
        this(name, containers, networks, volumes, images, Map.of());
    }

    /** A network by its name on the backend; {@code configHash} is empty when it was not made for a project. */
    public record ObservedNetwork(String name, String project, String key, String configHash) {}

    /** A volume by its name on the backend; {@code configHash} is empty when it was not made for a project. */
    public record ObservedVolume(String name, String project, String key, String configHash) {}
}
