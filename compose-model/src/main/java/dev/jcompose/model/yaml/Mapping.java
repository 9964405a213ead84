package dev.jcompose.model.yaml;

import dev.jcompose.model.problem.Position;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Keys and their values in file order; the map is never changed after construction. */
public record Mapping(Position at, Map<String, Entry> entries) implements YamlNode {
    /** What an entry does to the same key of an earlier file. */
    public enum Mark {
        /** Merges with it. */
        NONE,
        /** Removes it ({@code !reset}). */
        RESET,
        /** Replaces it as a whole ({@code !override}). */
        OVERRIDE
    }

    /** A value under a key, and where the key stands. */
    public record Entry(Position keyAt, YamlNode value, Mark mark) {
        public Entry(Position keyAt, YamlNode value) {
            this(keyAt, value, Mark.NONE);
        }

        public Entry with(YamlNode newValue) {
            return new Entry(keyAt, newValue, mark);
        }
    }

    public static Mapping empty(Position at) {
        return new Mapping(at, Map.of());
    }

    public Optional<YamlNode> get(String key) {
        return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    public boolean has(String key) {
        return entries.containsKey(key);
    }

    public Optional<Mapping> mapping(String key) {
        var entry = entries.get(key);
        return entry != null && entry.value() instanceof Mapping mapping ? Optional.of(mapping) : Optional.empty();
    }

    public Optional<Sequence> sequence(String key) {
        var entry = entries.get(key);
        return entry != null && entry.value() instanceof Sequence sequence ? Optional.of(sequence) : Optional.empty();
    }

    /** The text under a key; empty when the key is absent, null or not a single value. */
    public Optional<String> text(String key) {
        var entry = entries.get(key);
        return entry != null && entry.value() instanceof Scalar scalar && !scalar.isNull()
                ? Optional.of(scalar.text())
                : Optional.empty();
    }

    public boolean flag(String key) {
        return text(key).map("true"::equals).orElse(false);
    }

    public Mapping with(String key, YamlNode value) {
        var copy = new LinkedHashMap<>(entries);
        var old = copy.get(key);
        copy.put(key, old == null ? new Entry(value.at(), value) : old.with(value));
        return new Mapping(at, copy);
    }

    public Mapping without(String key) {
        if (!has(key)) {
            return this;
        }
        var copy = new LinkedHashMap<>(entries);
        copy.remove(key);
        return new Mapping(at, copy);
    }

    /** The same mapping with one value replaced by what the change makes of it; unchanged when the key is absent. */
    public Mapping change(String key, UnaryOperator<YamlNode> change) {
        var entry = entries.get(key);
        return entry == null ? this : with(key, change.apply(entry.value()));
    }

    /** Every mapping below a key changed; values that are not mappings stay. */
    public Mapping changeEach(String key, UnaryOperator<Mapping> change) {
        return change(key, all -> all instanceof Mapping parent ? parent.mapMappings(change) : all);
    }

    private Mapping mapMappings(UnaryOperator<Mapping> change) {
        var copy = new LinkedHashMap<String, Entry>();
        entries.forEach((key, entry) ->
                copy.put(key, entry.value() instanceof Mapping child ? entry.with(change.apply(child)) : entry));
        return new Mapping(at, copy);
    }

    @Override
    public String describe() {
        return "a mapping";
    }
}
