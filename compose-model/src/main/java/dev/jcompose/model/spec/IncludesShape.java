package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.List;
import java.util.function.Consumer;

/** {@code include}: a list, which is easily written as a mapping. */
record IncludesShape(Shape list) implements Shape {
    @Override
    public YamlNode canonical(YamlNode raw, Place place) {
        if (raw instanceof Mapping mapping) {
            place.error(
                    raw,
                    "must be a list; write \"- "
                            + String.join(", ", mapping.entries().keySet()) + ": ...\"");
            return new Sequence(raw.at(), List.of());
        }
        return list.canonical(raw, place);
    }

    @Override
    public YamlNode merge(YamlNode base, YamlNode over) {
        return list.merge(base, over);
    }

    @Override
    public void check(YamlNode node, Place place) {
        if (!node.isNull()) {
            list.check(node, place);
        }
    }

    @Override
    public void paths(String prefix, Consumer<String> found) {
        list.paths(prefix, found);
    }

    @Override
    public void attributes(String prefix, YamlNode node, Attributes found) {
        list.attributes(prefix, node, found);
    }
}
