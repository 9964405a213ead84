package dev.jcompose.model.spec;

import dev.jcompose.model.problem.Position;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.function.Consumer;

/** What an attribute may hold, and how it behaves on the way from a file to the project. */
public interface Shape {
    /** The value in its long form and of its own type; what is wrong with it goes to the place's problems. */
    YamlNode canonical(YamlNode raw, Place place);

    /** Two canonical values made one, the second one winning. */
    default YamlNode merge(YamlNode base, YamlNode over) {
        return over;
    }

    /** The value with its relative paths resolved. */
    default YamlNode resolve(YamlNode node, Paths paths) {
        return node;
    }

    /** Whether any part of a value is a path. */
    default boolean hasPaths() {
        return false;
    }

    /** What can only be judged once all files are merged: missing attributes, contradictions. */
    default void check(YamlNode node, Place place) {}

    /** The value as {@code config} shows it, without attributes that say nothing. */
    default YamlNode finish(YamlNode node, Format format) {
        return node;
    }

    /** Reports the attributes a value sets, as dotted paths below {@code prefix}. */
    default void attributes(String prefix, YamlNode node, Attributes found) {}

    /** Names every attribute a value may set, as dotted paths below {@code prefix}. */
    default void paths(String prefix, Consumer<String> found) {}

    /** Receives each attribute set, with its place. */
    @FunctionalInterface
    interface Attributes {
        void found(String path, Position at);
    }

    /** The output formats, which differ in more than syntax: JSON leaves nested extensions out. */
    enum Format {
        YAML,
        JSON
    }

    /** Whether a finished value says nothing, so that {@code config} leaves it out. */
    default boolean isBlank(YamlNode node) {
        if (node instanceof Scalar scalar) {
            return switch (scalar.kind()) {
                case NULL -> true;
                case TEXT -> scalar.text().isEmpty();
                case WHOLE, DECIMAL -> scalar.text().equals("0");
                case FLAG -> scalar.text().equals("false");
            };
        }
        return node instanceof Sequence sequence
                ? sequence.items().isEmpty()
                : ((Mapping) node).entries().isEmpty();
    }

    /** Whether no value in a later file takes an earlier one away; elsewhere it says nothing. */
    default boolean isClearedByNull() {
        return false;
    }
}
