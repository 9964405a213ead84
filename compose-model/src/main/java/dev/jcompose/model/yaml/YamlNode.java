package dev.jcompose.model.yaml;

import dev.jcompose.model.problem.Position;
import java.util.List;

/** A value in a project file together with the place where it was written. */
public sealed interface YamlNode permits Scalar, Sequence, Mapping {
    Position at();

    /** What a reader would call this value in a message: {@code a list}, {@code a number}. */
    String describe();

    static Scalar text(Position at, String text) {
        return new Scalar(at, text, Scalar.Kind.TEXT);
    }

    static Scalar whole(Position at, long value) {
        return new Scalar(at, Long.toString(value), Scalar.Kind.WHOLE);
    }

    static Scalar flag(Position at, boolean value) {
        return new Scalar(at, Boolean.toString(value), Scalar.Kind.FLAG);
    }

    static Sequence list(Position at, List<? extends YamlNode> items) {
        return new Sequence(at, List.copyOf(items));
    }

    default boolean isNull() {
        return this instanceof Scalar scalar && scalar.kind() == Scalar.Kind.NULL;
    }
}
