package dev.jcompose.model.yaml;

import dev.jcompose.model.problem.Position;

/** A single value; {@code text} is already in the plain form of its kind ({@code 0x10} reads as {@code 16}). */
public record Scalar(Position at, String text, Kind kind) implements YamlNode {
    /** What a plain scalar means under the rules Compose reads YAML by. */
    public enum Kind {
        TEXT,
        WHOLE,
        DECIMAL,
        FLAG,
        NULL
    }

    public Scalar withText(String newText) {
        return new Scalar(at, newText, Kind.TEXT);
    }

    /** Whether this is anything but an infinite or undefined number. */
    public boolean isFinite() {
        return kind != Kind.DECIMAL || !(text.endsWith("Inf") || text.equals("NaN"));
    }

    @Override
    public String describe() {
        return switch (kind) {
            case TEXT -> "\"" + abbreviated() + "\"";
            case WHOLE, DECIMAL -> "the number " + text;
            case FLAG -> "the boolean " + text;
            case NULL -> "nothing";
        };
    }

    private String abbreviated() {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
