package dev.jcompose.planner.graph;

import dev.jcompose.model.Dependency;
import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.model.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.stream.Stream;

/** What one service needs of others: what {@code depends_on} says, and what its other attributes imply. */
public final class Dependencies {
    private static final String SERVICE = "service:";
    private static final String CONTAINER = "container:";

    private Dependencies() {}

    /** All dependencies of a service, by service; {@code depends_on} wins over what is implied. */
    public static SequencedMap<String, Dependency> of(Service service) {
        SequencedMap<String, Dependency> all =
                new LinkedHashMap<>(service.lifecycle().dependsOn());
        links(service).forEach(name -> all.putIfAbsent(name, implied(true)));
        namespaceDonors(service).forEach(name -> all.putIfAbsent(name, implied(true)));
        volumeDonors(service).forEach(name -> all.putIfAbsent(name, implied(false)));
        return all;
    }

    /** Services whose containers this one's are tied to when created: namespaces and volumes are taken from them. */
    public static SequencedSet<String> donors(Service service) {
        SequencedSet<String> donors = new LinkedHashSet<>(namespaceDonors(service));
        donors.addAll(volumeDonors(service));
        return donors;
    }

    private static Dependency implied(boolean restart) {
        return new Dependency(Condition.STARTED, restart, true);
    }

    private static List<String> links(Service service) {
        return service.networking().links().stream().map(Dependencies::head).toList();
    }

    private static List<String> namespaceDonors(Service service) {
        var security = service.security();
        return Stream.of(service.networking().mode(), security.ipc(), security.pid())
                .flatMap(Optional::stream)
                .filter(mode -> mode.startsWith(SERVICE))
                .map(mode -> mode.substring(SERVICE.length()))
                .toList();
    }

    private static List<String> volumeDonors(Service service) {
        List<String> donors = new ArrayList<>();
        for (String from : service.storage().volumesFrom()) {
            if (!from.startsWith(CONTAINER)) {
                donors.add(head(from));
            }
        }
        return donors;
    }

    private static String head(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? text : text.substring(0, colon);
    }
}
