package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/** What a service mounts, by target: a later one replaces an earlier one, and parents come before what lies in them. */
final class ContainerMounts {
    private static final Comparator<String> PARENTS_FIRST = Comparator.<String>comparingLong(
                    target -> target.chars().filter(c -> c == '/').count())
            .thenComparing(Comparator.naturalOrder());

    private final SequencedMap<String, Entry> entries = new TreeMap<>(PARENTS_FIRST);

    private record Entry(String type, String source, List<String> options, String data) {}

    void put(String target, String type, String source, List<String> options, String data) {
        entries.put(normal(target), new Entry(type, source, options, data));
    }

    boolean has(String target) {
        return entries.containsKey(normal(target));
    }

    private static String normal(String target) {
        var absolute = target.startsWith("/") ? target : "/" + target;
        return absolute.length() > 1 && absolute.endsWith("/")
                ? absolute.substring(0, absolute.length() - 1)
                : absolute;
    }

    void addTo(ContainerPlan.Builder plan) {
        entries.forEach((target, entry) -> plan.add(
                "mount", entry.type(), entry.source(), target, String.join(",", entry.options()), entry.data()));
    }

    /** {@code ro} or nothing, then the others. */
    static List<String> options(boolean readOnly, String... others) {
        List<String> options = new ArrayList<>();
        if (readOnly) {
            options.add("ro");
        }
        options.addAll(List.of(others));
        return options;
    }
}
