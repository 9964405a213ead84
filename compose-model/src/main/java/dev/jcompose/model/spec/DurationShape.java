package dev.jcompose.model.spec;

import dev.jcompose.model.syntax.DurationSyntax;
import dev.jcompose.model.syntax.SyntaxException;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;

/** A duration such as {@code 1m30s}. */
final class DurationShape extends ScalarShape {
    @Override
    String expected() {
        return "a duration as a string (like 90s or 1m30s)";
    }

    @Override
    YamlNode read(Scalar scalar, Place place) {
        if (scalar.kind() != Scalar.Kind.TEXT) {
            return wrong(scalar, expected(), place);
        }
        try {
            return scalar.withText(DurationSyntax.print(DurationSyntax.parse(scalar.text())));
        } catch (SyntaxException e) {
            place.error(scalar, e.reason());
            return scalar;
        }
    }
}
