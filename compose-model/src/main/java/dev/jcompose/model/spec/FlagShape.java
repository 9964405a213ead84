package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;
import java.util.Locale;

/** True or false, also as text: {@code yes}, {@code on} and {@code y} count. */
final class FlagShape extends ScalarShape {
    private final boolean usual;

    /** {@code usual} is the value that need not be shown. */
    FlagShape(boolean usual) {
        this.usual = usual;
    }

    @Override
    public boolean isBlank(YamlNode node) {
        return node.isNull() || (node instanceof Scalar scalar && scalar.text().equals(Boolean.toString(usual)));
    }

    @Override
    String expected() {
        return "true or false";
    }

    @Override
    YamlNode read(Scalar scalar, Place place) {
        if (scalar.kind() == Scalar.Kind.FLAG) {
            return scalar;
        }
        if (scalar.kind() != Scalar.Kind.TEXT) {
            return wrong(scalar, expected(), place);
        }
        return switch (scalar.text().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "y", "on" -> YamlNode.flag(scalar.at(), true);
            case "false", "no", "n", "off" -> YamlNode.flag(scalar.at(), false);
            default -> wrong(scalar, expected(), place);
        };
    }
}
