package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Mapping.Entry;
import dev.jcompose.model.yaml.Mapping.Mark;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A mapping whose keys the specification knows; {@code x-} keys are allowed unless said otherwise. */
final class ObjectShape implements Shape {
    private final Map<String, Attribute> attributes;
    private final Options options;

    /** One known key: what it holds, whether a blank value is shown, and its name and default in JSON. */
    record Attribute(Shape shape, boolean keepBlank, String jsonName, boolean always, boolean nullable) {}

    /** Judges a whole mapping after merging. */
    @FunctionalInterface
    interface Check {
        void check(Mapping mapping, Place place);
    }

    /** What becomes of keys that are not in the table. */
    private enum Unknown {
        REFUSED,
        ONLY_EXTENSIONS,
        IGNORED
    }

    /** What a key without a value stands for. */
    private enum Absence {
        MISTAKE,
        EMPTY,
        NOTHING
    }

    private record Options(
            Unknown unknown,
            Absence absence,
            List<String> required,
            Optional<Function<Scalar, Mapping>> shortForm,
            Optional<UnaryOperator<Mapping>> completion,
            Optional<UnaryOperator<Mapping>> defaults,
            Optional<BinaryOperator<Mapping>> merging,
            Optional<BiFunction<Mapping, Paths, Mapping>> resolution,
            Optional<Check> check) {}

    private ObjectShape(Map<String, Attribute> attributes, Options options) {
        this.attributes = attributes;
        this.options = options;
    }

    static Builder of() {
        return new Builder();
    }

    /** Lists the keys of a table in the order they are printed. */
    static final class Builder {
        private final Map<String, Attribute> attributes = new LinkedHashMap<>();
        private Unknown unknown = Unknown.ONLY_EXTENSIONS;
        private Absence absence = Absence.MISTAKE;
        private List<String> required = List.of();
        private Optional<Function<Scalar, Mapping>> shortForm = Optional.empty();
        private Optional<UnaryOperator<Mapping>> defaults = Optional.empty();
        private Optional<BinaryOperator<Mapping>> merging = Optional.empty();
        private Optional<UnaryOperator<Mapping>> completion = Optional.empty();
        private Optional<BiFunction<Mapping, Paths, Mapping>> resolution = Optional.empty();
        private Optional<Check> check = Optional.empty();

        Builder key(String name, Shape shape) {
            attributes.put(name, new Attribute(shape, false, name, false, false));
            return this;
        }

        /** A key that is shown even when its value is zero, false or empty. */
        Builder kept(String name, Shape shape) {
            attributes.put(name, new Attribute(shape, true, name, false, false));
            return this;
        }

        /** A key that JSON shows as null when it is not set, and shows although empty. */
        Builder nullable(String name, Shape shape) {
            attributes.put(name, new Attribute(shape, true, name, false, true));
            return this;
        }

        /** A key with another name in JSON. */
        Builder key(String name, String jsonName, Shape shape) {
            attributes.put(name, new Attribute(shape, false, jsonName, false, false));
            return this;
        }

        /** A key that JSON shows as an empty mapping when it is not set. */
        Builder always(String name, Shape shape) {
            attributes.put(name, new Attribute(shape, true, name, true, false));
            return this;
        }

        Builder closed() {
            unknown = Unknown.REFUSED;
            return this;
        }

        /** Other keys are warned of and left out, as Docker Compose does where it never looks at them. */
        Builder ignoringUnknown() {
            unknown = Unknown.IGNORED;
            return this;
        }

        Builder orNull() {
            absence = Absence.EMPTY;
            return this;
        }

        /** Without a value the key itself is as good as absent. */
        Builder orAbsent() {
            absence = Absence.NOTHING;
            return this;
        }

        Builder required(String... names) {
            required = List.of(names);
            return this;
        }

        Builder orShort(Function<Scalar, Mapping> longForm) {
            shortForm = Optional.of(longForm);
            return this;
        }

        /** What the canonical form adds or replaces, such as defaults. */
        Builder completedBy(UnaryOperator<Mapping> completed) {
            completion = Optional.of(completed);
            return this;
        }

        /** What {@code config} shows where nothing is set, although it plays no part in merging. */
        Builder defaultedBy(UnaryOperator<Mapping> defaulted) {
            defaults = Optional.of(defaulted);
            return this;
        }

        /** How paths are resolved where that depends on other keys of the same mapping. */
        Builder resolvedBy(BiFunction<Mapping, Paths, Mapping> resolved) {
            resolution = Optional.of(resolved);
            return this;
        }

        Builder mergedBy(BinaryOperator<Mapping> merge) {
            merging = Optional.of(merge);
            return this;
        }

        Builder checkedBy(Check newCheck) {
            check = Optional.of(newCheck);
            return this;
        }

        ObjectShape build() {
            return new ObjectShape(
                    attributes,
                    new Options(
                            unknown, absence, required, shortForm, completion, defaults, merging, resolution, check));
        }
    }

    Map<String, Attribute> table() {
        return attributes;
    }

    @Override
    public YamlNode canonical(YamlNode raw, Place place) {
        if (raw instanceof Mapping mapping) {
            return known(mapping, place);
        }
        if (raw instanceof Scalar scalar && !raw.isNull() && options.shortForm().isPresent()) {
            return shortForm(scalar, place);
        }
        if (raw.isNull()) {
            return options.absence() == Absence.EMPTY ? completed(Mapping.empty(raw.at())) : raw;
        }
        place.expected(expected(), raw);
        return Mapping.empty(raw.at());
    }

    private String expected() {
        return options.shortForm().isPresent() ? "a string or a mapping" : "a mapping";
    }

    private YamlNode shortForm(Scalar scalar, Place place) {
        if (scalar.kind() != Scalar.Kind.TEXT) {
            place.expected("a string or a mapping", scalar);
            return Mapping.empty(scalar.at());
        }
        return completed(options.shortForm().orElseThrow().apply(scalar));
    }

    private Mapping known(Mapping mapping, Place place) {
        var entries = new LinkedHashMap<String, Entry>();
        mapping.entries().forEach((key, entry) -> {
            var attribute = attributes.get(key);
            if (attribute == null && !(options.unknown() == Unknown.ONLY_EXTENSIONS && key.startsWith("x-"))) {
                unknown(key, entry, place);
            } else if (attribute == null || entry.mark() == Mark.RESET) {
                entries.put(key, entry);
            } else {
                entries.put(key, entry.with(attribute.shape().canonical(entry.value(), place.child(key))));
            }
        });
        return completed(new Mapping(mapping.at(), entries));
    }

    private Mapping completed(Mapping mapping) {
        return options.completion().map(step -> step.apply(mapping)).orElse(mapping);
    }

    private void unknown(String key, Entry entry, Place place) {
        if (place.problems().isFull()) {
            return;
        }
        var message = "unknown key \"" + key + "\"" + Nearest.hint(key, attributes.keySet());
        if (options.unknown() == Unknown.IGNORED) {
            place.problems().warning(entry.keyAt(), place.child(key).path(), message + ", ignored");
        } else {
            place.problems().error(entry.keyAt(), place.child(key).path(), message);
        }
    }

    private Shape shape(String key) {
        var attribute = attributes.get(key);
        return attribute == null ? AnyShape.ANY : attribute.shape();
    }

    @Override
    public YamlNode merge(YamlNode base, YamlNode over) {
        if (!(base instanceof Mapping first) || !(over instanceof Mapping second)) {
            return over;
        }
        return options.merging().isPresent() ? options.merging().get().apply(first, second) : mergeKeys(first, second);
    }

    Mapping mergeKeys(Mapping base, Mapping over) {
        return Merging.mappings(base, over, this::shape);
    }

    @Override
    public boolean hasPaths() {
        if (options.resolution().isPresent()) {
            return true;
        }
        for (var attribute : attributes.values()) {
            if (attribute.shape().hasPaths()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public YamlNode resolve(YamlNode node, Paths paths) {
        if (!(node instanceof Mapping mapping)) {
            return node;
        }
        if (options.resolution().isPresent()) {
            return options.resolution().get().apply(mapping, paths);
        }
        var entries = new LinkedHashMap<String, Entry>();
        mapping.entries()
                .forEach((key, entry) -> entries.put(key, entry.with(shape(key).resolve(entry.value(), paths))));
        return new Mapping(mapping.at(), entries);
    }

    @Override
    public void check(YamlNode node, Place place) {
        if (node.isNull() && options.absence() != Absence.NOTHING) {
            place.noValue(expected(), node);
        }
        if (!(node instanceof Mapping mapping)) {
            return;
        }
        for (var name : options.required()) {
            if (!mapping.has(name)) {
                place.error(mapping, "\"" + name + "\" is required");
            }
        }
        mapping.entries().forEach((key, entry) -> shape(key).check(entry.value(), place.child(key)));
        options.check().ifPresent(check -> check.check(mapping, place));
    }

    @Override
    public YamlNode finish(YamlNode node, Format format) {
        if (!(node instanceof Mapping set)) {
            return node;
        }
        var mapping = options.defaults().map(step -> step.apply(set)).orElse(set);
        var entries = new LinkedHashMap<String, Entry>();
        attributes.forEach((key, attribute) -> {
            boolean json = format == Format.JSON;
            var entry = mapping.entries().get(key);
            if (entry != null) {
                var value = attribute.shape().finish(entry.value(), format);
                boolean blank = value.isNull()
                        || (!attribute.keepBlank() && attribute.shape().isBlank(value));
                if (!blank || (value.isNull() && attribute.keepBlank())) {
                    entries.put(json ? attribute.jsonName() : key, entry.with(value));
                }
            } else if (json && attribute.always()) {
                var empty = attribute.shape().finish(Mapping.empty(mapping.at()), format);
                entries.put(key, new Entry(mapping.at(), empty));
            } else if (json && attribute.nullable()) {
                entries.put(key, new Entry(mapping.at(), new Scalar(mapping.at(), "", Scalar.Kind.NULL)));
            }
        });
        if (format == Format.YAML) {
            mapping.entries().forEach((key, entry) -> {
                if (!attributes.containsKey(key)) {
                    entries.put(key, entry);
                }
            });
        }
        return new Mapping(mapping.at(), entries);
    }

    @Override
    public boolean isBlank(YamlNode node) {
        return node.isNull();
    }

    @Override
    public void paths(String prefix, Consumer<String> found) {
        attributes.forEach((key, attribute) -> {
            var path = prefix.isEmpty() ? key : prefix + "." + key;
            found.accept(path);
            attribute.shape().paths(path, found);
        });
    }

    @Override
    public void attributes(String prefix, YamlNode node, Attributes found) {
        if (node instanceof Mapping mapping) {
            mapping.entries().forEach((key, entry) -> {
                var path = prefix.isEmpty() ? key : prefix + "." + key;
                found.found(path, entry.keyAt());
                shape(key).attributes(path, entry.value(), found);
            });
        }
    }
}
