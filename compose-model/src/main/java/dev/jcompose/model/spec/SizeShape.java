package dev.jcompose.model.spec;

import dev.jcompose.model.syntax.SizeSyntax;
import dev.jcompose.model.syntax.SyntaxException;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** A size in bytes, canonically the number of bytes as text. */
final class SizeShape extends ScalarShape {
    private final boolean numbers;

    /** {@code numbers}: whether a plain number is allowed besides text such as {@code 64m}. */
    SizeShape(boolean numbers) {
        this.numbers = numbers;
    }

    @Override
    String expected() {
        return numbers ? "a size (a number of bytes, or like 64m)" : "a size as a string (like \"64m\")";
    }

    @Override
    YamlNode read(Scalar scalar, Place place) {
        boolean number = scalar.kind() == Scalar.Kind.WHOLE || scalar.kind() == Scalar.Kind.DECIMAL;
        if (scalar.kind() == Scalar.Kind.FLAG || (number && !numbers)) {
            return wrong(scalar, expected(), place);
        }
        if (scalar.kind() == Scalar.Kind.DECIMAL) {
            var bytes = new BigDecimal(scalar.text()).setScale(0, RoundingMode.DOWN);
            return scalar.withText(bytes.toPlainString());
        }
        if (number) {
            return scalar.withText(scalar.text());
        }
        try {
            return scalar.withText(Long.toString(SizeSyntax.parse(scalar.text())));
        } catch (SyntaxException e) {
            place.error(scalar, e.reason());
            return scalar;
        }
    }

    @Override
    public boolean isBlank(YamlNode node) {
        return node instanceof Scalar scalar
                && (scalar.text().isEmpty() || scalar.text().equals("0"));
    }
}
