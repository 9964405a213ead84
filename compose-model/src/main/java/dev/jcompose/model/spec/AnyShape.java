package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.ArrayList;

/** Anything, kept as written: extensions and free-form options. */
final class AnyShape implements Shape {
    static final AnyShape ANY = new AnyShape();

    @Override
    public YamlNode canonical(YamlNode raw, Place place) {
        return raw;
    }

    @Override
    public YamlNode merge(YamlNode base, YamlNode over) {
        if (base instanceof Mapping first && over instanceof Mapping second) {
            return Merging.mappings(first, second, key -> this);
        }
        if (base instanceof Sequence first && over instanceof Sequence second) {
            var items = new ArrayList<>(first.items());
            items.addAll(second.items());
            return new Sequence(second.at(), items);
        }
        return over;
    }

    @Override
    public void check(YamlNode node, Place place) {
        switch (node) {
            case Mapping mapping -> mapping.entries().forEach((key, entry) -> check(entry.value(), place.child(key)));
            case Sequence sequence -> {
                for (int i = 0; i < sequence.items().size(); i++) {
                    check(sequence.items().get(i), place.item(i));
                }
            }
            case Scalar scalar -> {
                if (!scalar.isFinite()) {
                    place.error(scalar, "must be a finite number, not " + scalar.describe());
                }
            }
        }
    }

    @Override
    public boolean isBlank(YamlNode node) {
        return false;
    }
}
