package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Mapping.Entry;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Names with values, as a mapping or as a list of {@code NAME=value}; canonically a mapping to text. */
final class PairsShape implements Shape {
    private static final ListShape LINES = ListShape.of(TextShape.text()).keyedBy(PairsShape::nameOf);

    private final boolean keepsNull;
    private final boolean lists;
    private final boolean contexts;
    private final boolean needsValues;

    private PairsShape(boolean keepsNull, boolean lists, boolean contexts) {
        this(keepsNull, lists, contexts, false);
    }

    private PairsShape(boolean keepsNull, boolean lists, boolean contexts, boolean needsValues) {
        this.keepsNull = keepsNull;
        this.lists = lists;
        this.contexts = contexts;
        this.needsValues = needsValues;
    }

    /** Pairs whose missing value is blank text: labels. */
    static PairsShape labels() {
        return new PairsShape(false, true, false);
    }

    /** Pairs whose missing value means something else than blank: environment variables. */
    static PairsShape variables() {
        return new PairsShape(true, true, false);
    }

    /** Pairs that are only written as a mapping: driver options. */
    static PairsShape options() {
        return new PairsShape(false, false, false);
    }

    /** Every name must have a value. */
    PairsShape withValues() {
        return new PairsShape(keepsNull, lists, contexts, true);
    }

    /** Names of build contexts. */
    static PairsShape contexts() {
        return new PairsShape(false, true, true);
    }

    @Override
    public boolean hasPaths() {
        return contexts;
    }

    @Override
    public YamlNode resolve(YamlNode node, Paths paths) {
        if (!contexts || !(node instanceof Mapping mapping)) {
            return node;
        }
        var entries = new LinkedHashMap<String, Entry>();
        mapping.entries().forEach((key, entry) -> {
            if (entry.value() instanceof Scalar scalar) {
                entries.put(key, entry.with(scalar.withText(paths.context(scalar.text()))));
            }
        });
        return new Mapping(mapping.at(), entries);
    }

    @Override
    public YamlNode canonical(YamlNode raw, Place place) {
        if (raw instanceof Mapping mapping) {
            return fromMapping(mapping, place);
        }
        if (lists && raw instanceof Sequence sequence) {
            return place.literal() ? sequence : fromList(sequence, place);
        }
        if (raw.isNull()) {
            return raw;
        }
        place.expected(expected(), raw);
        return Mapping.empty(raw.at());
    }

    private String expected() {
        return lists ? "a mapping or a list of NAME=value" : "a mapping";
    }

    private Mapping fromMapping(Mapping mapping, Place place) {
        var entries = new LinkedHashMap<String, Entry>();
        mapping.entries().forEach((key, entry) -> {
            if (lists && key.isEmpty()) {
                place.problems().error(entry.keyAt(), place.path(), "a name must not be empty");
            } else if (entry.value() instanceof Scalar scalar) {
                entries.put(key, entry.with(place.literal() ? scalar : value(scalar, place.child(key))));
            } else {
                place.child(key).expected("a string, number or boolean", entry.value());
            }
        });
        return new Mapping(mapping.at(), entries);
    }

    private YamlNode value(Scalar scalar, Place place) {
        if (scalar.isNull() && needsValues) {
            place.noValue("a string or a number", scalar);
        }
        if (scalar.isNull()) {
            return keepsNull ? scalar : YamlNode.text(scalar.at(), "");
        }
        if (!lists && scalar.kind() == Scalar.Kind.FLAG) {
            place.expected("a string or a number", scalar);
        }
        if (!scalar.isFinite()) {
            place.error(scalar, "must be a finite number or a string, not " + scalar.describe());
        }
        return scalar.withText(scalar.text());
    }

    private Mapping fromList(Sequence list, Place place) {
        var entries = new LinkedHashMap<String, Entry>();
        for (int i = 0; i < list.items().size(); i++) {
            var item = list.items().get(i);
            if (item instanceof Scalar scalar && scalar.kind() == Scalar.Kind.TEXT) {
                add(scalar, entries);
            } else {
                place.item(i).expected("a string NAME=value", item);
            }
        }
        return new Mapping(list.at(), entries);
    }

    private void add(Scalar item, Map<String, Entry> entries) {
        int equals = item.text().indexOf('=');
        var missing = keepsNull ? new Scalar(item.at(), "", Scalar.Kind.NULL) : item.withText("");
        var value = equals < 0 ? missing : item.withText(item.text().substring(equals + 1));
        entries.put(nameOf(item), new Entry(item.at(), value));
    }

    @Override
    public void check(YamlNode node, Place place) {
        if (node.isNull()) {
            place.noValue(expected(), node);
        }
        if (keepsNull && node instanceof Mapping mapping) {
            mapping.entries().forEach((name, entry) -> {
                if (name.endsWith(" ")) {
                    place.error(entry.value(), "environment variable " + name + " is declared with a trailing space");
                }
            });
        }
    }

    /** Unlike elsewhere, a later missing value wins: it takes the variable back to the project's environment. */
    @Override
    public YamlNode merge(YamlNode base, YamlNode over) {
        if (base instanceof Mapping first && over instanceof Mapping second) {
            var merged = new LinkedHashMap<>(first.entries());
            merged.putAll(second.entries());
            return new Mapping(first.at(), merged);
        }
        return base.isNull() || over.isNull() ? over : LINES.merge(lines(base), lines(over));
    }

    /** Where variables stay as written, lists stay lists. */
    private static YamlNode lines(YamlNode node) {
        if (!(node instanceof Mapping mapping)) {
            return node;
        }
        var lines = new ArrayList<YamlNode>();
        mapping.entries().forEach((name, entry) -> {
            var value = entry.value() instanceof Scalar scalar && !scalar.isNull() ? "=" + scalar.text() : "";
            lines.add(YamlNode.text(entry.keyAt(), name + value));
        });
        return new Sequence(node.at(), lines);
    }

    private static String nameOf(YamlNode line) {
        var text = line instanceof Scalar scalar ? scalar.text() : "";
        int equals = text.indexOf('=');
        return equals < 0 ? text : text.substring(0, equals);
    }

    @Override
    public YamlNode finish(YamlNode node, Format format) {
        return node instanceof Mapping mapping ? new Mapping(mapping.at(), new TreeMap<>(mapping.entries())) : node;
    }
}
