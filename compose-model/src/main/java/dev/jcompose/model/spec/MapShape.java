package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Mapping.Entry;
import dev.jcompose.model.yaml.Mapping.Mark;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** A mapping whose keys are the user's names. */
final class MapShape implements Shape {
    private final Shape value;
    private final Options options;

    private record Options(
            boolean nullValues,
            boolean extensions,
            boolean strictNames,
            Optional<Function<Scalar, YamlNode>> fromName) {}

    private MapShape(Shape value, Options options) {
        this.value = value;
        this.options = options;
    }

    static MapShape of(Shape value) {
        return new MapShape(value, new Options(false, false, false, Optional.empty()));
    }

    /** A mapping at the top level: strictly named, with extensions between the names. */
    static MapShape topLevel(Shape value) {
        return new MapShape(value, new Options(false, true, true, Optional.empty()));
    }

    /** Names to which a value is optional, also as a list of names alone. */
    static MapShape ofOptional(Shape value, Function<Scalar, YamlNode> valueOfName) {
        return new MapShape(value, new Options(true, false, false, Optional.of(valueOfName)));
    }

    /** A list of names is allowed too; the function gives each name its value. */
    MapShape orNames(Function<Scalar, YamlNode> valueOfName) {
        return new MapShape(
                value,
                new Options(
                        options.nullValues(), options.extensions(), options.strictNames(), Optional.of(valueOfName)));
    }

    private Shape shape(String key) {
        return options.extensions() && key.startsWith("x-") ? AnyShape.ANY : value;
    }

    @Override
    public YamlNode canonical(YamlNode raw, Place place) {
        if (raw instanceof Mapping mapping) {
            return values(mapping, place);
        }
        if (options.fromName().isPresent() && raw instanceof Sequence names) {
            return values(named(names, place), place);
        }
        if (raw.isNull()) {
            return raw;
        }
        place.expected(expected(), raw);
        return Mapping.empty(raw.at());
    }

    private String expected() {
        return options.fromName().isPresent() ? "a mapping or a list of names" : "a mapping";
    }

    private Mapping named(Sequence names, Place place) {
        var entries = new LinkedHashMap<String, Entry>();
        for (int i = 0; i < names.items().size(); i++) {
            var item = names.items().get(i);
            if (!(item instanceof Scalar name) || name.kind() != Scalar.Kind.TEXT) {
                place.item(i).expected("a name", item);
            } else if (entries.put(name.text(), new Entry(name.at(), valueOf(name))) != null) {
                place.item(i).error(name, name.describe() + " is listed twice; the items must be unique");
            }
        }
        return new Mapping(names.at(), entries);
    }

    private YamlNode valueOf(Scalar name) {
        return options.fromName().map(function -> function.apply(name)).orElse(name);
    }

    private Mapping values(Mapping mapping, Place place) {
        var entries = new LinkedHashMap<String, Entry>();
        mapping.entries().forEach((key, entry) -> {
            boolean skipped = entry.mark() == Mark.RESET
                    || (options.nullValues() && entry.value().isNull());
            entries.put(key, skipped ? entry : entry.with(shape(key).canonical(entry.value(), place.child(key))));
        });
        return new Mapping(mapping.at(), entries);
    }

    @Override
    public YamlNode merge(YamlNode base, YamlNode over) {
        return base instanceof Mapping first && over instanceof Mapping second
                ? Merging.mappings(first, second, this::shape)
                : over;
    }

    @Override
    public boolean hasPaths() {
        return value.hasPaths();
    }

    @Override
    public YamlNode resolve(YamlNode node, Paths paths) {
        return hasPaths() ? each(node, (shape, child) -> shape.resolve(child, paths)) : node;
    }

    @Override
    public void check(YamlNode node, Place place) {
        if (node.isNull()) {
            place.noValue(expected(), node);
        }
        if (node instanceof Mapping mapping) {
            mapping.entries().forEach((key, entry) -> check(key, entry, place.child(key)));
        }
    }

    private void check(String key, Entry entry, Place place) {
        if (options.strictNames() && !Names.isKey(key)) {
            place.problems()
                    .error(
                            entry.keyAt(),
                            place.path(),
                            "\"" + key + "\" is not a name (letters, digits, \"_\", \".\" and \"-\")");
        }
        if (!options.nullValues() || !entry.value().isNull()) {
            shape(key).check(entry.value(), place);
        }
    }

    @Override
    public YamlNode finish(YamlNode node, Format format) {
        var finished = each(node, (shape, child) -> shape.finish(child, format));
        return finished instanceof Mapping mapping ? new Mapping(mapping.at(), new TreeMap<>(mapping.entries())) : node;
    }

    @Override
    public void paths(String prefix, Consumer<String> found) {
        value.paths(prefix + ".*", found);
    }

    @Override
    public void attributes(String prefix, YamlNode node, Attributes found) {
        if (node instanceof Mapping mapping) {
            mapping.entries().values().forEach(entry -> value.attributes(prefix + ".*", entry.value(), found));
        }
    }

    /** What to do with one value. */
    private interface Step {
        YamlNode apply(Shape shape, YamlNode child);
    }

    private YamlNode each(YamlNode node, Step step) {
        if (!(node instanceof Mapping mapping)) {
            return node;
        }
        var entries = new LinkedHashMap<String, Entry>();
        mapping.entries().forEach((key, entry) -> entries.put(key, entry.with(step.apply(shape(key), entry.value()))));
        return new Mapping(mapping.at(), entries);
    }
}
