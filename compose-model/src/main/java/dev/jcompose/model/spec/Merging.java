package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Mapping.Entry;
import dev.jcompose.model.yaml.Mapping.Mark;
import java.util.LinkedHashMap;
import java.util.function.Function;

/**
 * Merges mappings and keeps the marks of {@code !reset} and {@code !override}, so that merging is associative: what an
 * extending service resets is also reset in the files merged before it. {@link #settle} drops them at the end.
 */
public final class Merging {
    private Merging() {}

    public static Mapping mappings(Mapping base, Mapping over, Function<String, Shape> shapes) {
        var merged = new LinkedHashMap<>(base.entries());
        over.entries().forEach((key, entry) -> {
            var old = merged.get(key);
            merged.put(key, old == null ? entry : entry(old, entry, shapes.apply(key)));
        });
        return new Mapping(base.at(), merged);
    }

    private static Entry entry(Entry old, Entry entry, Shape shape) {
        if (entry.mark() != Mark.NONE) {
            return entry;
        }
        if (old.mark() == Mark.RESET) {
            return new Entry(entry.keyAt(), entry.value(), Mark.OVERRIDE);
        }
        if (entry.value().isNull() && !old.value().isNull() && !shape.isClearedByNull()) {
            return old;
        }
        return new Entry(entry.keyAt(), shape.merge(old.value(), entry.value()), old.mark());
    }

    /** The mapping without what was reset, at every level. */
    public static Mapping settle(Mapping mapping) {
        var kept = new LinkedHashMap<String, Entry>();
        mapping.entries().forEach((key, entry) -> {
            if (entry.mark() != Mark.RESET) {
                var value = entry.value() instanceof Mapping child ? settle(child) : entry.value();
                kept.put(key, new Entry(entry.keyAt(), value));
            }
        });
        return new Mapping(mapping.at(), kept);
    }
}
