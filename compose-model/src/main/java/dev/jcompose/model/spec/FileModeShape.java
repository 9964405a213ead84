package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;

/** File permissions: a number, which YAML writes in octal with a leading zero, or octal digits as text. */
final class FileModeShape extends ScalarShape {
    @Override
    String expected() {
        return "file permissions in octal (like 0440)";
    }

    @Override
    YamlNode read(Scalar scalar, Place place) {
        try {
            long mode = switch (scalar.kind()) {
                case WHOLE -> Long.parseLong(scalar.text());
                case TEXT -> Long.parseLong(scalar.text(), 8);
                case DECIMAL, FLAG, NULL -> throw new NumberFormatException(scalar.text());
            };
            return scalar.withText("0" + Long.toOctalString(mode));
        } catch (NumberFormatException e) {
            return wrong(scalar, expected(), place);
        }
    }
}
