package dev.jcompose.runtime.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/** Reads untrusted JSON documents into {@link Json} values, within limits. */
final class JsonReader {
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(64)
            .maxDocumentLength(4L << 20)
            .maxTokenCount(500_000)
            .maxStringLength(1 << 20)
            .build();

    private JsonReader() {}

    static Json read(byte[] document) {
        var factory = JsonFactory.builder().streamReadConstraints(LIMITS).build();
        try (var parser = factory.createParser(document)) {
            parser.nextToken();
            var value = value(parser);
            if (parser.nextToken() != null) {
                throw new IOException("something follows its end");
            }
            return value;
        } catch (IOException e) {
            throw new BackendException("not a valid image document: " + firstLine(e), e);
        }
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
    }

    private static Json value(JsonParser parser) throws IOException {
        var token = parser.currentToken();
        if (token == null) {
            throw new IOException("it ends too early");
        }
        return switch (token) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> items(parser);
            case VALUE_STRING -> new Json.Text(text(parser));
            case VALUE_NUMBER_INT -> new Json.Whole(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> new Json.Fraction(parser.getText());
            case VALUE_TRUE -> new Json.Truth(true);
            case VALUE_FALSE -> new Json.Truth(false);
            case VALUE_NULL -> new Json.Nothing();
            default -> throw new IOException("unexpected " + token);
        };
    }

    /** No text of an image may hold NUL: environment, names and arguments end at it. */
    private static String text(JsonParser parser) throws IOException {
        var text = parser.getText();
        if (text.indexOf('\0') >= 0) {
            throw new IOException("a text holds a NUL character");
        }
        return text;
    }

    private static Json members(JsonParser parser) throws IOException {
        var values = new LinkedHashMap<String, Json>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = text(parser);
            parser.nextToken();
            values.put(name, value(parser));
        }
        return new Json.Members(values);
    }

    private static Json items(JsonParser parser) throws IOException {
        var values = new ArrayList<Json>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(value(parser));
        }
        return new Json.Items(values);
    }
}
