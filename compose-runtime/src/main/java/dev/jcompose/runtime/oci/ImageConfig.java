package dev.jcompose.runtime.oci;

import dev.jcompose.model.Healthcheck;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What an image says about the containers made from it.
 *
 * @param env {@code KEY=value} each
 * @param user empty for root
 * @param workingDir empty for {@code /}
 * @param exposedPorts such as {@code 80/tcp}
 * @param shell what runs the shell form of instructions; empty for {@code /bin/sh -c}
 */
public record ImageConfig(
        List<String> env,
        List<String> entrypoint,
        List<String> cmd,
        String user,
        String workingDir,
        List<String> exposedPorts,
        List<String> volumes,
        SequencedMap<String, String> labels,
        Optional<String> stopSignal,
        Optional<Healthcheck> healthcheck,
        List<String> shell,
        List<String> onBuild) {
    public static final ImageConfig EMPTY = new ImageConfig(
            List.of(),
            List.of(),
            List.of(),
            "",
            "",
            List.of(),
            List.of(),
            new LinkedHashMap<>(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of());

    public ImageConfig {
        env = List.copyOf(env);
        entrypoint = List.copyOf(entrypoint);
        cmd = List.copyOf(cmd);
        exposedPorts = List.copyOf(exposedPorts);
        volumes = List.copyOf(volumes);
        labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
        shell = List.copyOf(shell);
        onBuild = List.copyOf(onBuild);
    }
}
