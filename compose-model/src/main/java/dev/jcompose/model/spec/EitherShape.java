package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;
import java.util.function.Consumer;

/** A single value of one shape or a mapping of another; a later file replaces either as a whole. */
final class EitherShape implements Shape {
    private final Shape single;
    private final Shape mapping;

    EitherShape(Shape single, Shape mapping) {
        this.single = single;
        this.mapping = mapping;
    }

    private Shape shape(YamlNode node) {
        return node instanceof Scalar ? single : mapping;
    }

    @Override
    public YamlNode canonical(YamlNode raw, Place place) {
        return shape(raw).canonical(raw, place);
    }

    @Override
    public void check(YamlNode node, Place place) {
        shape(node).check(node, place);
    }

    @Override
    public YamlNode finish(YamlNode node, Format format) {
        return shape(node).finish(node, format);
    }

    @Override
    public boolean isBlank(YamlNode node) {
        return shape(node).isBlank(node);
    }

    @Override
    public void paths(String prefix, Consumer<String> found) {
        mapping.paths(prefix, found);
    }

    @Override
    public void attributes(String prefix, YamlNode node, Attributes found) {
        shape(node).attributes(prefix, node, found);
    }
}
