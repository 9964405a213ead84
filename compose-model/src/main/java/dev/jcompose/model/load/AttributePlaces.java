package dev.jcompose.model.load;

import dev.jcompose.model.problem.Position;
import dev.jcompose.model.spec.ComposeFile;
import dev.jcompose.model.yaml.Mapping;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Which attributes the user set, and where: taken before anything is implied. */
final class AttributePlaces {
    private AttributePlaces() {}

    /** By service, as paths below it. */
    static Map<String, SequencedMap<String, Position>> ofServices(Mapping model) {
        var all = new LinkedHashMap<String, SequencedMap<String, Position>>();
        model.mapping("services")
                .ifPresent(services -> services.entries().forEach((name, entry) -> {
                    var found = new LinkedHashMap<String, Position>();
                    ComposeFile.service().attributes("", entry.value(), found::putIfAbsent);
                    all.put(name, found);
                }));
        return all;
    }

    /** Of networks, volumes, configs, secrets and models, as whole paths. */
    static SequencedMap<String, Position> ofResources(Mapping model) {
        var found = new LinkedHashMap<String, Position>();
        ComposeFile.resourceAttributes(model, found::putIfAbsent);
        return found;
    }
}
