package dev.jcompose.runtime.linux;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** A container's labels: the image's, the service's, and those by which Compose tools know their own containers. */
final class ContainerLabels {
    private static final String COMPOSE = "com.docker.compose.";

    private ContainerLabels() {}

    static SequencedMap<String, String> of(ContainerDraft draft) {
        SequencedMap<String, String> labels =
                new LinkedHashMap<>(draft.image().config().labels());
        labels.putAll(draft.service().labels());
        var project = draft.project();
        labels.put(COMPOSE + "project", project.name());
        labels.put(COMPOSE + "project.working_dir", project.directory().toString());
        labels.put(
                COMPOSE + "project.config_files",
                project.files().stream().map(Path::toString).collect(joining(",")));
        labels.put(COMPOSE + "service", draft.service().name());
        labels.put(COMPOSE + "container-number", Integer.toString(draft.spec().number()));
        labels.put(COMPOSE + "oneoff", draft.spec().isOneOff() ? "True" : "False");
        draft.spec().oneOff().ifPresent(oneOff -> labels.put(COMPOSE + "slug", oneOff.slug()));
        labels.put(COMPOSE + "config-hash", draft.service().configHash());
        labels.put(COMPOSE + "image", draft.image().id().toString());
        labels.put(COMPOSE + "depends_on", dependencies(draft));
        return labels;
    }

    private static String dependencies(ContainerDraft draft) {
        return draft.service().lifecycle().dependsOn().entrySet().stream()
                .map(entry ->
                        entry.getKey() + ":" + entry.getValue().condition().text() + ":"
                                + entry.getValue().restart())
                .collect(joining(","));
    }
}
