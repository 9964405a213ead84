package dev.jcompose.model;

import dev.jcompose.model.problem.Position;
import java.util.Optional;
import java.util.SequencedMap;

/** A top-level volume; {@code key} is its name in the file, {@code name} its name on the backend. */
public record VolumeConfig(
        String key,
        String name,
        boolean external,
        Optional<String> driver,
        SequencedMap<String, String> driverOptions,
        SequencedMap<String, String> labels,
        Position at,
        String configHash) {
    public VolumeConfig {
        driverOptions = Copies.ordered(driverOptions);
        labels = Copies.ordered(labels);
    }
}
