package dev.jcompose.model;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * How to build a service's image (Compose Build Specification).
 *
 * @param context absolute directory, or a URL
 * @param dockerfile path relative to the context or absolute; empty for the default {@code Dockerfile}
 * @param dockerfileInline the Dockerfile's text, instead of a file
 * @param args build arguments; an empty value means "take it from the environment, else leave it unset"
 */
public record Build(
        String context,
        Optional<String> dockerfile,
        Optional<String> dockerfileInline,
        SequencedMap<String, Optional<String>> args,
        Optional<String> target,
        SequencedMap<String, String> labels,
        List<String> tags,
        boolean noCache,
        boolean pull,
        BuildMeans means) {
    public Build {
        args = Copies.ordered(args);
        labels = Copies.ordered(labels);
        tags = List.copyOf(tags);
    }
}
