package dev.jcompose.runtime.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The {@code --name=value} words at the start of an instruction, and what follows them. */
record Flags(Map<String, List<String>> values, String rest) {
    static Flags of(Place place, String text, Set<String> known) {
        var values = new TreeMap<String, List<String>>();
        var rest = text;
        while (rest.startsWith("--")) {
            var parts = rest.split("\\s+", 2);
            rest = parts.length > 1 ? parts[1] : "";
            if (parts[0].equals("--")) {
                break;
            }
            var flag = parts[0].substring(2).split("=", 2);
            if (!known.contains(flag[0])) {
                throw new BuildException(place, "unknown flag --" + flag[0] + " (known: " + list(known) + ")");
            }
            values.computeIfAbsent(flag[0], name -> new ArrayList<>()).add(flag.length > 1 ? flag[1] : "true");
        }
        return new Flags(values, rest);
    }

    private static String list(Set<String> known) {
        return String.join(
                ", ", known.stream().sorted().map(name -> "--" + name).toList());
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name)).map(List::getLast);
    }
}
