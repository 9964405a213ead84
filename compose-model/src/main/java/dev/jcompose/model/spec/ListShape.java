package dev.jcompose.model.spec;

import dev.jcompose.model.problem.Problems;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A list; lists of several files are joined, and items with the same key replace each other. */
final class ListShape implements Shape {
    private final Shape item;
    private final Options options;

    /** Turns one item as written into what it stands for; a port range is several. */
    @FunctionalInterface
    interface Expansion {
        List<? extends YamlNode> expand(YamlNode raw, Place place);
    }

    private record Options(
            boolean single,
            boolean distinct,
            Optional<Function<YamlNode, String>> key,
            Expansion expansion,
            Predicate<YamlNode> dropped) {
        Options withKey(Function<YamlNode, String> newKey) {
            return new Options(single, distinct, Optional.of(newKey), expansion, dropped);
        }
    }

    private ListShape(Shape item, Options options) {
        this.item = item;
        this.options = options;
    }

    static ListShape of(Shape item) {
        return new ListShape(
                item, new Options(false, false, Optional.empty(), (raw, place) -> List.of(raw), node -> false));
    }

    /** A lone value may stand for a list of one. */
    ListShape orSingle() {
        return new ListShape(
                item, new Options(true, options.distinct(), options.key(), options.expansion(), options.dropped()));
    }

    /** The same item twice, even in two files, is a mistake. */
    ListShape distinct() {
        return new ListShape(
                item, new Options(options.single(), true, options.key(), options.expansion(), options.dropped()));
    }

    /** Of items with the same key the last one stays, at the place of the first. */
    ListShape keyedBy(Function<YamlNode, String> key) {
        return new ListShape(item, options.withKey(key));
    }

    ListShape keyedByText() {
        return keyedBy(node -> node instanceof Scalar scalar ? scalar.text() : node.toString());
    }

    ListShape expanding(Expansion expansion) {
        return new ListShape(
                item, new Options(options.single(), options.distinct(), options.key(), expansion, options.dropped()));
    }

    /** Items that say nothing and are not shown. */
    ListShape dropping(Predicate<YamlNode> dropped) {
        return new ListShape(
                item, new Options(options.single(), options.distinct(), options.key(), options.expansion(), dropped));
    }

    @Override
    public YamlNode canonical(YamlNode raw, Place place) {
        if (raw instanceof Sequence sequence) {
            return items(sequence, place);
        }
        if (raw.isNull()) {
            return raw;
        }
        if (options.single() && raw instanceof Scalar) {
            return items(new Sequence(raw.at(), List.of(raw)), place);
        }
        place.expected(expected(), raw);
        return new Sequence(raw.at(), List.of());
    }

    private String expected() {
        return options.single() ? "a string or a list" : "a list";
    }

    private YamlNode items(Sequence raw, Place place) {
        if (place.literal() && !isReadable(raw, place)) {
            return raw;
        }
        var items = new ArrayList<YamlNode>(raw.items().size());
        for (int i = 0; i < raw.items().size(); i++) {
            var itemPlace = place.item(i);
            for (var one : options.expansion().expand(raw.items().get(i), itemPlace)) {
                items.add(item.canonical(one, itemPlace));
            }
        }
        return new Sequence(raw.at(), unique(items));
    }

    /** Whether every short form can be read although its variables are not filled in. */
    private boolean isReadable(Sequence raw, Place place) {
        var probe = new Problems();
        raw.items().forEach(one -> options.expansion().expand(one, new Place(probe, true, place.path())));
        return !probe.hasErrors();
    }

    private List<YamlNode> unique(List<YamlNode> items) {
        if (options.key().isEmpty() || items.size() < 2) {
            return items;
        }
        var places = new HashMap<String, Integer>();
        var kept = new ArrayList<YamlNode>(items.size());
        for (var node : items) {
            var place = places.putIfAbsent(options.key().get().apply(node), kept.size());
            if (place == null) {
                kept.add(node);
            } else {
                kept.set(place, node);
            }
        }
        return kept;
    }

    @Override
    public YamlNode merge(YamlNode base, YamlNode over) {
        if (!(base instanceof Sequence first) || !(over instanceof Sequence second)) {
            return over;
        }
        var items = new ArrayList<>(first.items());
        items.addAll(second.items());
        return new Sequence(second.at(), unique(items));
    }

    @Override
    public boolean hasPaths() {
        return item.hasPaths();
    }

    @Override
    public YamlNode resolve(YamlNode node, Paths paths) {
        return hasPaths() ? each(node, one -> item.resolve(one, paths)) : node;
    }

    @Override
    public void check(YamlNode node, Place place) {
        if (node.isNull()) {
            place.noValue(expected(), node);
        }
        if (!(node instanceof Sequence sequence)) {
            return;
        }
        var seen = new HashSet<Object>();
        for (int i = 0; i < sequence.items().size(); i++) {
            var one = sequence.items().get(i);
            item.check(one, place.item(i));
            if (options.distinct() && !seen.add(plain(one))) {
                place.item(i).error(one, "is listed twice; the items must be unique");
            }
        }
    }

    /** The value without positions, for comparison. */
    private static Object plain(YamlNode node) {
        return switch (node) {
            case Scalar scalar -> List.of(scalar.kind(), scalar.text());
            case Sequence sequence ->
                sequence.items().stream().map(ListShape::plain).toList();
            case Mapping mapping -> {
                var values = new HashMap<String, Object>();
                mapping.entries().forEach((name, entry) -> values.put(name, plain(entry.value())));
                yield values;
            }
        };
    }

    @Override
    public YamlNode finish(YamlNode node, Format format) {
        if (!(node instanceof Sequence sequence)) {
            return node;
        }
        var shown = sequence.items().stream()
                .filter(one -> !options.dropped().test(one))
                .toList();
        return each(new Sequence(sequence.at(), shown), one -> item.finish(one, format));
    }

    @Override
    public void paths(String prefix, Consumer<String> found) {
        item.paths(prefix + ".*", found);
    }

    @Override
    public void attributes(String prefix, YamlNode node, Attributes found) {
        if (node instanceof Sequence sequence) {
            sequence.items().forEach(one -> item.attributes(prefix + ".*", one, found));
        }
    }

    private static YamlNode each(YamlNode node, UnaryOperator<YamlNode> change) {
        return node instanceof Sequence sequence
                ? new Sequence(
                        sequence.at(), sequence.items().stream().map(change).toList())
                : node;
    }
}
