package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;

/** A number with or without fraction, also as text; {@code asText} keeps it as text in the project. */
final class DecimalShape extends ScalarShape {
    @Override
    String expected() {
        return "a number";
    }

    @Override
    YamlNode read(Scalar scalar, Place place) {
        return switch (scalar.kind()) {
            case WHOLE, DECIMAL -> scalar;
            case TEXT -> parse(scalar, place);
            case FLAG, NULL -> wrong(scalar, expected(), place);
        };
    }

    private YamlNode parse(Scalar scalar, Place place) {
        try {
            double value = Double.parseDouble(scalar.text());
            boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
            return whole
                    ? YamlNode.whole(scalar.at(), (long) value)
                    : new Scalar(scalar.at(), Double.toString(value), Scalar.Kind.DECIMAL);
        } catch (NumberFormatException e) {
            return wrong(scalar, expected(), place);
        }
    }
}
