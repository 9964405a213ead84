package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** {@code build.ssh}: {@code id} or {@code id=path}, as a list or a mapping; canonically a list. */
final class SshShape implements Shape {
    private static final ListShape LIST = ListShape.of(TextShape.text()).keyedBy(SshShape::id);

    @Override
    public YamlNode canonical(YamlNode raw, Place place) {
        if (place.literal() && raw instanceof Mapping) {
            return raw;
        }
        if (raw instanceof Mapping mapping) {
            var items = new ArrayList<YamlNode>();
            mapping.entries().forEach((key, entry) -> {
                var path = entry.value() instanceof Scalar scalar ? scalar.text() : "";
                items.add(YamlNode.text(entry.keyAt(), path.isEmpty() ? key : key + "=" + path));
            });
            return new Sequence(raw.at(), items);
        }
        if (raw instanceof Sequence) {
            return place.literal() ? ids(raw) : LIST.canonical(raw, place);
        }
        place.expected("a list or a mapping", raw);
        return new Sequence(raw.at(), List.of());
    }

    /** With variables left as written: identifiers, and paths where there are any. */
    private static Mapping ids(YamlNode list) {
        var ids = Mapping.empty(list.at());
        for (var item : ((Sequence) list).items()) {
            var text = item instanceof Scalar scalar ? scalar.text() : "";
            int equals = text.indexOf('=');
            ids = ids.with(
                    id(item),
                    equals < 0
                            ? new Scalar(item.at(), "", Scalar.Kind.NULL)
                            : YamlNode.text(item.at(), text.substring(equals + 1)));
        }
        return ids;
    }

    private static String id(YamlNode node) {
        var text = node instanceof Scalar scalar ? scalar.text() : "";
        int equals = text.indexOf('=');
        return equals < 0 ? text : text.substring(0, equals);
    }

    @Override
    public YamlNode merge(YamlNode base, YamlNode over) {
        return LIST.merge(base, over);
    }

    @Override
    public boolean hasPaths() {
        return true;
    }

    @Override
    public YamlNode resolve(YamlNode node, Paths paths) {
        return withPaths(node, "=", paths::file);
    }

    @Override
    public YamlNode finish(YamlNode node, Format format) {
        return withPaths(node, ": ", path -> path);
    }

    /** The items with their paths changed and another separator before them. */
    private static YamlNode withPaths(YamlNode node, String separator, UnaryOperator<String> change) {
        if (!(node instanceof Sequence sequence)) {
            return node;
        }
        var items = new ArrayList<YamlNode>();
        for (var item : sequence.items()) {
            if (item instanceof Scalar scalar && scalar.text().indexOf('=') >= 0) {
                int equals = scalar.text().indexOf('=');
                var path = change.apply(scalar.text().substring(equals + 1));
                items.add(scalar.withText(id(item) + separator + path));
            } else {
                items.add(item);
            }
        }
        return new Sequence(sequence.at(), items);
    }
}
