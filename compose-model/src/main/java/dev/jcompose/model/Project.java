package dev.jcompose.model;

import dev.jcompose.model.problem.Position;
import dev.jcompose.model.problem.Problem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A whole project, ready to be planned; nothing in it can change.
 *
 * @param directory the project directory, absolute
 * @param files the Compose files read, absolute, in merge order
 * @param services the enabled services in file order
 * @param disabledServices services left out because none of their profiles is enabled
 * @param attributes every attribute the user set outside of services ({@code networks.front.driver}), with its place
 * @param environment the variables interpolation saw: the process's own over those of the env files
 * @param warnings what the reader should be told although the project is valid
 */
public record Project(
        String name,
        Path directory,
        List<Path> files,
        SequencedMap<String, Service> services,
        SequencedMap<String, Service> disabledServices,
        SequencedMap<String, NetworkConfig> networks,
        SequencedMap<String, VolumeConfig> volumes,
        SequencedMap<String, FileConfig> configs,
        SequencedMap<String, FileConfig> secrets,
        SequencedMap<String, Position> attributes,
        Map<String, String> environment,
        List<Problem> warnings) {
    public Project {
        files = List.copyOf(files);
        services = Copies.ordered(services);
        disabledServices = Copies.ordered(disabledServices);
        networks = Copies.ordered(networks);
        volumes = Copies.ordered(volumes);
        configs = Copies.ordered(configs);
        secrets = Copies.ordered(secrets);
        attributes = Copies.ordered(attributes);
        environment = Map.copyOf(environment);
        warnings = List.copyOf(warnings);
    }

    /** The same project with another policy for the images of all its services. */
    public Project withPullPolicy(PullPolicy policy) {
        return new Project(
                name,
                directory,
                files,
                withPullPolicy(services, policy),
                withPullPolicy(disabledServices, policy),
                networks,
                volumes,
                configs,
                secrets,
                attributes,
                environment,
                warnings);
    }

    private static SequencedMap<String, Service> withPullPolicy(
            SequencedMap<String, Service> services, PullPolicy policy) {
        var changed = new LinkedHashMap<String, Service>();
        services.forEach((key, service) -> changed.put(key, service.withPullPolicy(policy)));
        return changed;
    }
}
