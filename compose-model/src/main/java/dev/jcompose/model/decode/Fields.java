package dev.jcompose.model.decode;

import dev.jcompose.model.problem.Position;
import dev.jcompose.model.syntax.DurationSyntax;
import dev.jcompose.model.syntax.SyntaxException;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;

/** Typed access to a canonical mapping, whose values are known to be well-formed. */
record Fields(Mapping mapping) {
    static final Fields NONE = new Fields(Mapping.empty(new Position("", 1, 1)));

    Optional<String> text(String key) {
        return mapping.text(key);
    }

    /** Text that is neither absent nor blank. */
    Optional<String> word(String key) {
        return mapping.text(key).filter(text -> !text.isEmpty());
    }

    boolean flag(String key) {
        return mapping.flag(key);
    }

    boolean flag(String key, boolean otherwise) {
        return mapping.text(key).map("true"::equals).orElse(otherwise);
    }

    Optional<Boolean> maybeFlag(String key) {
        return mapping.text(key).map("true"::equals);
    }

    OptionalLong whole(String key) {
        var text = word(key);
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(new BigDecimal(text.get()).longValue());
    }

    OptionalInt integer(String key) {
        var value = whole(key);
        return value.isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) value.getAsLong());
    }

    OptionalDouble decimal(String key) {
        var text = word(key);
        return text.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text.get()));
    }

    Optional<Duration> duration(String key) {
        return word(key).flatMap(Fields::duration0);
    }

    private static Optional<Duration> duration0(String text) {
        try {
            return Optional.of(DurationSyntax.parse(text));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    Fields fields(String key) {
        return mapping.mapping(key).map(Fields::new).orElse(NONE);
    }

    /** The mappings of a list. */
    List<Fields> list(String key) {
        var found = new ArrayList<Fields>();
        for (var item : items(key)) {
            if (item instanceof Mapping one) {
                found.add(new Fields(one));
            }
        }
        return found;
    }

    List<String> words(String key) {
        var found = new ArrayList<String>();
        for (var item : items(key)) {
            if (item instanceof Scalar scalar) {
                found.add(scalar.text());
            }
        }
        return found;
    }

    /** The words of a list that may be absent, which is not the same as empty. */
    Optional<List<String>> maybeWords(String key) {
        return mapping.sequence(key).map(list -> words(key));
    }

    private List<YamlNode> items(String key) {
        return mapping.sequence(key).map(Sequence::items).orElse(List.of());
    }

    SequencedMap<String, String> pairs(String key) {
        var found = new LinkedHashMap<String, String>();
        fields(key).mapping().entries().forEach((name, entry) -> {
            if (entry.value() instanceof Scalar scalar) {
                found.put(name, scalar.text());
            }
        });
        return found;
    }

    /** Pairs whose value may be missing. */
    SequencedMap<String, Optional<String>> variables(String key) {
        var found = new LinkedHashMap<String, Optional<String>>();
        fields(key).mapping().entries().forEach((name, entry) -> {
            if (!name.isEmpty() && entry.value() instanceof Scalar scalar) {
                found.put(name, scalar.isNull() ? Optional.empty() : Optional.of(scalar.text()));
            }
        });
        return found;
    }

    /** The mappings below a key by name; a name without a value has empty fields. */
    SequencedMap<String, Fields> named(String key) {
        var found = new LinkedHashMap<String, Fields>();
        fields(key).mapping().entries().forEach((name, entry) -> {
            if (!name.startsWith("x-")) {
                found.put(name, entry.value() instanceof Mapping one ? new Fields(one) : NONE);
            }
        });
        return found;
    }
}
