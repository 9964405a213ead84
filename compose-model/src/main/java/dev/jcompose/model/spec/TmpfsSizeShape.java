package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;

/** The size of a tmpfs, which unlike other sizes may not be negative or have a fraction. */
final class TmpfsSizeShape extends ScalarShape {
    @Override
    String expected() {
        return "a size (an integer number of bytes, greater than or equal to 0, or like 64m)";
    }

    @Override
    YamlNode read(Scalar scalar, Place place) {
        boolean number = scalar.kind() == Scalar.Kind.WHOLE || scalar.kind() == Scalar.Kind.DECIMAL;
        boolean wrong =
                scalar.kind() == Scalar.Kind.DECIMAL || (number && scalar.text().startsWith("-"));
        return wrong ? wrong(scalar, expected(), place) : Kinds.SIZE.canonical(scalar, place);
    }
}
