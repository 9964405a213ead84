package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;
import java.util.List;
import java.util.function.Predicate;

/** Text, perhaps one of a few words or of a certain form; numbers only where the specification takes them as text. */
final class TextShape extends ScalarShape {
    private final Accepted accepted;
    private final List<String> words;
    private final Predicate<String> form;
    private final String formName;

    private TextShape(Accepted accepted, List<String> words, Predicate<String> form, String formName) {
        this.accepted = accepted;
        this.words = words;
        this.form = form;
        this.formName = formName;
    }

    /** What is taken as text besides text. */
    private record Accepted(boolean whole, boolean fractions, boolean flags, boolean nulls) {
        static final Accepted NONE = new Accepted(false, false, false, false);
    }

    static TextShape text() {
        return new TextShape(Accepted.NONE, List.of(), text -> true, "a string");
    }

    TextShape orWhole() {
        var more = new Accepted(true, accepted.fractions(), accepted.flags(), accepted.nulls());
        return new TextShape(more, words, form, "a string or a whole number");
    }

    TextShape orNumber() {
        var more = new Accepted(true, true, accepted.flags(), accepted.nulls());
        return new TextShape(more, words, form, "a string or a number");
    }

    TextShape orFlag() {
        var more = new Accepted(accepted.whole(), accepted.fractions(), true, accepted.nulls());
        return new TextShape(more, words, form, "a string or a boolean");
    }

    TextShape orNull() {
        var more = new Accepted(accepted.whole(), accepted.fractions(), accepted.flags(), true);
        return new TextShape(more, words, form, formName);
    }

    static TextShape oneOf(String... words) {
        var list = List.of(words);
        return new TextShape(Accepted.NONE, list, list::contains, "one of " + String.join(", ", words));
    }

    static TextShape matching(String formName, Predicate<String> form) {
        return new TextShape(Accepted.NONE, List.of(), form, formName);
    }

    @Override
    String expected() {
        return formName;
    }

    @Override
    boolean allowsNull() {
        return accepted.nulls();
    }

    @Override
    YamlNode read(Scalar scalar, Place place) {
        boolean allowed = switch (scalar.kind()) {
            case TEXT -> true;
            case WHOLE -> accepted.whole();
            case DECIMAL -> accepted.fractions();
            case FLAG -> accepted.flags();
            case NULL -> accepted.nulls();
        };
        if (!allowed) {
            return wrong(scalar, expected(), place);
        }
        if (!form.test(scalar.text())) {
            place.error(
                    scalar, "must be " + formName + ", not " + scalar.describe() + Nearest.hint(scalar.text(), words));
        }
        return scalar.withText(scalar.text());
    }
}
