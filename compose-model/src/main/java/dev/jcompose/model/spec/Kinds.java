package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;

/** The shapes that many tables share, under short names. */
final class Kinds {
    static final TextShape TEXT = TextShape.text();
    static final TextShape TEXT_OR_NUMBER = TextShape.text().orWhole();
    static final Shape FLAG = new FlagShape(false);
    static final Shape WHOLE = new WholeShape(Long.MIN_VALUE, Long.MAX_VALUE);
    static final Shape NUMBER = new WholeShape(Long.MIN_VALUE, Long.MAX_VALUE).orFraction();
    static final Shape COUNT = new WholeShape(0, Long.MAX_VALUE);
    static final Shape DECIMAL = new DecimalShape();
    static final Shape SIZE = new SizeShape(true);
    static final Shape DURATION = new DurationShape();
    static final Shape FILE = new PathShape(false);
    static final ListShape WORDS = ListShape.of(TEXT).distinct();
    static final ListShape DISTINCT_WORDS = ListShape.of(TEXT).keyedByText();
    static final Shape WORD_OR_WORDS = WORDS.orSingle();
    static final Shape LABELS = PairsShape.labels();
    static final Shape VARIABLES = PairsShape.variables();
    static final Shape OPTIONS = PairsShape.options();
    static final Shape DRIVER_OPTIONS = PairsShape.options().withValues();
    static final Shape COMMAND = new CommandShape(false);

    static final Shape ULIMITS = MapShape.of(new EitherShape(
            WHOLE,
            ObjectShape.of()
                    .key("soft", WHOLE)
                    .key("hard", WHOLE)
                    .required("soft", "hard")
                    .build()));

    private Kinds() {}

    /** A mapping with one key, for short forms. */
    static Mapping only(Scalar value, String key) {
        return Mapping.empty(value.at()).with(key, value);
    }

    /** The mapping with a value for a key that is not set. */
    static Mapping withDefault(Mapping mapping, String key, YamlNode value) {
        return mapping.has(key) ? mapping : mapping.with(key, value);
    }

    static String part(YamlNode node, String key) {
        return node instanceof Mapping mapping ? mapping.text(key).orElse("") : "";
    }
}
