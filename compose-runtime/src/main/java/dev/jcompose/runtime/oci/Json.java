package dev.jcompose.runtime.oci;

import dev.jcompose.runtime.BackendException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/** A JSON value as it was read; asking it for what it is not is the document's fault and says so. */
public sealed interface Json {
    record Members(SequencedMap<String, Json> values) implements Json {
        public Members {
            values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
        }
    }

    record Items(List<Json> values) implements Json {
        public Items {
            values = List.copyOf(values);
        }
    }

    record Text(String value) implements Json {}

    record Whole(long value) implements Json {}

    /** A number that is not whole, as it was written. */
    record Fraction(String digits) implements Json {}

    record Truth(boolean value) implements Json {}

    /** {@code null}, or a member that is missing. */
    record Nothing() implements Json {}

    /** Reads an untrusted document. */
    static Json read(byte[] document) {
        return JsonReader.read(document);
    }

    /** This value as a document that people can read, ended by a line break. */
    default byte[] write() {
        return JsonWriter.document(this);
    }

    /** Reads a text that may be JSON; empty when it is not. */
    static Optional<Json> tryParse(String text) {
        try {
            return Optional.of(JsonReader.read(text.getBytes(StandardCharsets.UTF_8)));
        } catch (BackendException e) {
            return Optional.empty();
        }
    }

    /** A member of an object; {@link Nothing} when there is none. */
    default Json get(String key) {
        return switch (this) {
            case Members object -> object.values().getOrDefault(key, new Nothing());
            case Nothing nothing -> nothing;
            default -> throw unexpected("an object with \"" + key + "\"");
        };
    }

    default SequencedMap<String, Json> members() {
        return switch (this) {
            case Members object -> object.values();
            case Nothing nothing -> new LinkedHashMap<>();
            default -> throw unexpected("an object");
        };
    }

    default List<Json> items() {
        return switch (this) {
            case Items list -> list.values();
            case Nothing nothing -> List.of();
            default -> throw unexpected("a list");
        };
    }

    default Optional<String> text() {
        return switch (this) {
            case Text text -> Optional.of(text.value());
            case Nothing nothing -> Optional.empty();
            default -> throw unexpected("a text");
        };
    }

    /** A list of texts, or one text alone. */
    default List<String> texts() {
        return this instanceof Text text
                ? List.of(text.value())
                : items().stream().map(item -> item.text().orElse("")).toList();
    }

    default long number(long otherwise) {
        return switch (this) {
            case Whole number -> number.value();
            case Fraction number -> (long) Double.parseDouble(number.digits());
            case Nothing nothing -> otherwise;
            default -> throw unexpected("a whole number");
        };
    }

    default boolean isTrue() {
        return this instanceof Truth truth && truth.value();
    }

    private BackendException unexpected(String wanted) {
        return new BackendException("not a valid image document: expected " + wanted + " but found a "
                + getClass().getSimpleName().toLowerCase(Locale.ROOT));
    }
}
