package dev.jcompose.model.load;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The enabled profiles; a service without profiles is always enabled. */
record Profiles(Set<String> enabled) {
    static Profiles of(List<String> commandLine, ProjectEnvironment environment) {
        var names = new LinkedHashSet<String>(commandLine);
        if (commandLine.isEmpty()) {
            environment
                    .setting("COMPOSE_PROFILES")
                    .ifPresent(list -> List.of(list.split(",")).forEach(name -> names.add(name.strip())));
        }
        return new Profiles(names);
    }

    boolean enables(Mapping service) {
        var wanted = of(service);
        return wanted.isEmpty() || enabled.contains("*") || wanted.stream().anyMatch(enabled::contains);
    }

    /** The profiles a service names. */
    static List<String> of(Mapping service) {
        var names = new ArrayList<String>();
        for (var item : service.sequence("profiles").map(Sequence::items).orElse(List.of())) {
            if (item instanceof Scalar scalar) {
                names.add(scalar.text());
            }
        }
        return names;
    }
}
