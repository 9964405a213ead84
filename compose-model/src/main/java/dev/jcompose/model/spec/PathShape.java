package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;

/** The path of a host file or directory, or a build context. */
final class PathShape extends ScalarShape {
    private final boolean context;

    PathShape(boolean context) {
        this.context = context;
    }

    @Override
    String expected() {
        return "a string";
    }

    @Override
    YamlNode read(Scalar scalar, Place place) {
        return scalar.kind() == Scalar.Kind.TEXT ? scalar : wrong(scalar, expected(), place);
    }

    @Override
    public boolean hasPaths() {
        return true;
    }

    @Override
    public YamlNode resolve(YamlNode node, Paths paths) {
        if (!(node instanceof Scalar scalar) || scalar.isNull() || scalar.text().isEmpty()) {
            return node;
        }
        return scalar.withText(context ? paths.context(scalar.text()) : paths.file(scalar.text()));
    }
}
