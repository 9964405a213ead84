package dev.jcompose.model.render;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;

/** Prints nodes as block YAML that every reader understands the same way. */
final class YamlWriter {
    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    static String write(Mapping mapping) {
        var writer = new YamlWriter();
        if (mapping.entries().isEmpty()) {
            return "{}\n";
        }
        writer.mapping(mapping, 0, false);
        return writer.out.toString();
    }

    /** {@code started}: the first key goes on the line already begun. */
    private void mapping(Mapping mapping, int indent, boolean started) {
        boolean first = started;
        for (var entry : mapping.entries().entrySet()) {
            if (!first) {
                out.repeat(' ', indent);
            }
            first = false;
            out.append(YamlText.inline(entry.getKey())).append(':');
            value(entry.getValue().value(), indent);
        }
    }

    private void value(YamlNode node, int indent) {
        if (node instanceof Scalar scalar) {
            out.append(' ');
            scalar(scalar, indent + 2);
        } else if (node instanceof Sequence sequence) {
            sequence(sequence, indent);
        } else if (((Mapping) node).entries().isEmpty()) {
            out.append(" {}\n");
        } else {
            out.append('\n');
            mapping((Mapping) node, indent + 2, false);
        }
    }

    private void sequence(Sequence sequence, int indent) {
        if (sequence.items().isEmpty()) {
            out.append(" []\n");
            return;
        }
        out.append('\n');
        for (var item : sequence.items()) {
            out.repeat(' ', indent + 2).append('-');
            if (item instanceof Mapping mapping && !mapping.entries().isEmpty()) {
                out.append(' ');
                mapping(mapping, indent + 4, true);
            } else {
                value(item, indent + 2);
            }
        }
    }

    private void scalar(Scalar scalar, int indent) {
        switch (scalar.kind()) {
            case TEXT -> out.append(YamlText.block(scalar.text(), indent)).append('\n');
            case WHOLE, FLAG -> out.append(scalar.text()).append('\n');
            case DECIMAL -> out.append(decimal(scalar.text())).append('\n');
            case NULL -> out.append("null\n");
        }
    }

    private static String decimal(String text) {
        return switch (text) {
            case "+Inf" -> ".inf";
            case "-Inf" -> "-.inf";
            case "NaN" -> ".nan";
            default -> text;
        };
    }
}
