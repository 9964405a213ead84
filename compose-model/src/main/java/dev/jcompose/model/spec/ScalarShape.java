package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;

/** A single value; subclasses say which. */
abstract class ScalarShape implements Shape {
    /** What a reader may write, for messages: {@code a string}. */
    abstract String expected();

    abstract YamlNode read(Scalar scalar, Place place);

    /** Whether {@code key:} without a value is allowed. */
    boolean allowsNull() {
        return false;
    }

    @Override
    public final YamlNode canonical(YamlNode raw, Place place) {
        if (!(raw instanceof Scalar scalar)) {
            place.expected(expected(), raw);
            return new Scalar(raw.at(), "", Scalar.Kind.TEXT);
        }
        return scalar.isNull() || place.literal() ? scalar : read(scalar, place);
    }

    @Override
    public void check(YamlNode node, Place place) {
        if (node.isNull() && !allowsNull()) {
            place.noValue(expected(), node);
        }
    }

    static YamlNode wrong(Scalar scalar, String expected, Place place) {
        place.expected(expected, scalar);
        return scalar;
    }
}
