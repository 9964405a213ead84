package dev.jcompose.model.load;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Mapping.Entry;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** Tells which top-level resources the services use. */
final class Resources {
    private static final List<String> KINDS = List.of("networks", "volumes", "configs", "secrets", "models");

    private Resources() {}

    /** The model without the resources that none of its services uses. */
    static Mapping onlyUsed(Mapping model) {
        var kept = model;
        var services = model.mapping("services").orElseGet(() -> Mapping.empty(model.at()));
        for (var kind : KINDS) {
            var used = used(services, kind);
            kept = kept.change(kind, all -> all instanceof Mapping mapping ? filtered(mapping, used) : all);
        }
        return kept;
    }

    private static Mapping filtered(Mapping resources, Set<String> used) {
        var entries = new LinkedHashMap<String, Entry>();
        resources.entries().forEach((key, entry) -> {
            if (used.contains(key)) {
                entries.put(key, entry);
            }
        });
        return new Mapping(resources.at(), entries);
    }

    private static Set<String> used(Mapping services, String kind) {
        var used = new HashSet<String>();
        services.entries().values().forEach(entry -> {
            if (entry.value() instanceof Mapping service) {
                collect(service, kind, used);
            }
        });
        return used;
    }

    private static void collect(Mapping service, String kind, Set<String> used) {
        switch (kind) {
            case "networks", "models" ->
                service.mapping(kind)
                        .ifPresent(named -> used.addAll(named.entries().keySet()));
            case "volumes" -> service.sequence("volumes").ifPresent(mounts -> volumeNames(mounts, used));
            default -> {
                service.sequence(kind).ifPresent(references -> sources(references, used));
                service.mapping("build")
                        .flatMap(build -> build.sequence(kind))
                        .ifPresent(references -> sources(references, used));
            }
        }
    }

    private static void volumeNames(Sequence mounts, Set<String> used) {
        for (var item : mounts.items()) {
            if (item instanceof Mapping mount
                    && mount.text("type").map("volume"::equals).orElse(false)) {
                mount.text("source").ifPresent(used::add);
            }
        }
    }

    private static void sources(Sequence references, Set<String> used) {
        for (YamlNode item : references.items()) {
            switch (item) {
                case Mapping reference -> reference.text("source").ifPresent(used::add);
                case Scalar name -> used.add(name.text());
                case Sequence nested -> sources(nested, used);
            }
        }
    }
}
