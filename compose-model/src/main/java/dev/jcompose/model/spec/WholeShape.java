package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;

/** A whole number within bounds, also as text. */
final class WholeShape extends ScalarShape {
    private final long least;
    private final long most;
    private final boolean truncates;

    WholeShape(long least, long most) {
        this(least, most, false);
    }

    private WholeShape(long least, long most, boolean truncates) {
        this.least = least;
        this.most = most;
        this.truncates = truncates;
    }

    /** Numbers to the specification, of which only the whole part counts. */
    WholeShape orFraction() {
        return new WholeShape(least, most, true);
    }

    @Override
    String expected() {
        if (least == Long.MIN_VALUE && most == Long.MAX_VALUE) {
            return "a whole number";
        }
        return most == Long.MAX_VALUE
                ? "a whole number, greater than or equal to " + least
                : "a whole number from " + least + " to " + most;
    }

    @Override
    YamlNode read(Scalar scalar, Place place) {
        if (scalar.kind() == Scalar.Kind.FLAG) {
            return wrong(scalar, expected(), place);
        }
        try {
            long value = scalar.kind() == Scalar.Kind.DECIMAL
                    ? whole(Double.parseDouble(scalar.text()))
                    : Long.parseLong(scalar.text());
            return value < least || value > most
                    ? wrong(scalar, expected(), place)
                    : YamlNode.whole(scalar.at(), value);
        } catch (NumberFormatException e) {
            return wrong(scalar, expected(), place);
        }
    }

    private long whole(double value) {
        if (value != Math.rint(value) && !truncates) {
            throw new NumberFormatException("has a fraction");
        }
        return (long) value;
    }
}
