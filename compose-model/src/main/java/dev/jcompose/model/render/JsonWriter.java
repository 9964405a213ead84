package dev.jcompose.model.render;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Prints nodes as JSON. */
final class JsonWriter {
    private JsonWriter() {}

    static String write(YamlNode node) {
        var out = new StringWriter();
        try (var json = new JsonFactory().createGenerator(out)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter()
                    .withSeparators(
                            PrettyPrinter.DEFAULT_SEPARATORS.withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                    .withObjectIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE)
                    .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE));
            write(json, node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.append('\n').toString();
    }

    private static void write(JsonGenerator json, YamlNode node) throws IOException {
        switch (node) {
            case Mapping mapping -> {
                json.writeStartObject();
                for (var entry : mapping.entries().entrySet()) {
                    json.writeFieldName(entry.getKey());
                    write(json, entry.getValue().value());
                }
                json.writeEndObject();
            }
            case Sequence sequence -> {
                json.writeStartArray();
                for (var item : sequence.items()) {
                    write(json, item);
                }
                json.writeEndArray();
            }
            case Scalar scalar -> write(json, scalar);
        }
    }

    private static void write(JsonGenerator json, Scalar scalar) throws IOException {
        switch (scalar.kind()) {
            case TEXT -> json.writeString(scalar.text());
            case WHOLE -> json.writeNumber(new BigInteger(scalar.text()));
            case DECIMAL -> decimal(json, scalar.text());
            case FLAG -> json.writeBoolean(scalar.text().equals("true"));
            case NULL -> json.writeNull();
        }
    }

    private static void decimal(JsonGenerator json, String text) throws IOException {
        if (text.endsWith("Inf") || text.equals("NaN")) {
            json.writeString(text);
        } else {
            json.writeNumber(new BigDecimal(text));
        }
    }
}
