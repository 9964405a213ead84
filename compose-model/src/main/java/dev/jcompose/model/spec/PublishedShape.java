package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;

/** The published side of a port. A number stays one until the end: merging takes {@code 80} and {@code "80"} for different ports. */
final class PublishedShape extends ScalarShape {
    @Override
    String expected() {
        return "a string or a whole number";
    }

    @Override
    YamlNode read(Scalar scalar, Place place) {
        return scalar.kind() == Scalar.Kind.TEXT || scalar.kind() == Scalar.Kind.WHOLE
                ? scalar
                : wrong(scalar, expected(), place);
    }

    @Override
    public YamlNode finish(YamlNode node, Format format) {
        return node instanceof Scalar scalar && !scalar.isNull() ? scalar.withText(scalar.text()) : node;
    }

    /** What two entries must share to be the same port. */
    static String key(YamlNode port) {
        return port instanceof Mapping mapping
                ? mapping.get("published").map(YamlNode::describe).orElse("")
                : "";
    }
}
