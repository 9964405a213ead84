package dev.jcompose.runtime.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;

/** Writes a document to memory, always in the same order and without white space, so that its digest is stable. */
final class JsonWriter {
    private JsonWriter() {}

    /** What writes the members of the document's one object. */
    @FunctionalInterface
    interface Body {
        void write(JsonGenerator out) throws IOException;
    }

    static byte[] object(Body body) {
        return write(out -> {
            out.writeStartObject();
            body.write(out);
            out.writeEndObject();
        });
    }

    static byte[] list(Body body) {
        return write(out -> {
            out.writeStartArray();
            body.write(out);
            out.writeEndArray();
        });
    }

    private static byte[] write(Body body) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new JsonFactory().createGenerator(bytes)) {
            body.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Any value, indented. */
    static byte[] document(Json json) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new JsonFactory().createGenerator(bytes)) {
            out.setPrettyPrinter(new DefaultPrettyPrinter());
            value(out, json);
            out.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void value(JsonGenerator out, Json json) throws IOException {
        switch (json) {
            case Json.Members object -> {
                out.writeStartObject();
                for (var member : object.values().entrySet()) {
                    out.writeFieldName(member.getKey());
                    value(out, member.getValue());
                }
                out.writeEndObject();
            }
            case Json.Items list -> {
                out.writeStartArray();
                for (var item : list.values()) {
                    value(out, item);
                }
                out.writeEndArray();
            }
            case Json.Text text -> out.writeString(text.value());
            case Json.Whole number -> out.writeNumber(number.value());
            case Json.Fraction number -> out.writeNumber(number.digits());
            case Json.Truth truth -> out.writeBoolean(truth.value());
            case Json.Nothing ignored -> out.writeNull();
        }
    }

    static void texts(JsonGenerator out, String key, Collection<String> values) throws IOException {
        if (!values.isEmpty()) {
            out.writeArrayFieldStart(key);
            for (var value : values) {
                out.writeString(value);
            }
            out.writeEndArray();
        }
    }

    /** A set as Docker writes it: an object with empty objects for values. */
    static void set(JsonGenerator out, String key, Collection<String> values) throws IOException {
        if (!values.isEmpty()) {
            out.writeObjectFieldStart(key);
            for (var value : values) {
                out.writeObjectFieldStart(value);
                out.writeEndObject();
            }
            out.writeEndObject();
        }
    }

    static void map(JsonGenerator out, String key, Map<String, String> values) throws IOException {
        if (!values.isEmpty()) {
            out.writeObjectFieldStart(key);
            for (var entry : values.entrySet()) {
                out.writeStringField(entry.getKey(), entry.getValue());
            }
            out.writeEndObject();
        }
    }

    static void text(JsonGenerator out, String key, String value) throws IOException {
        if (!value.isEmpty()) {
            out.writeStringField(key, value);
        }
    }
}
