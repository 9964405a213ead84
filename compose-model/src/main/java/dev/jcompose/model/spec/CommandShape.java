package dev.jcompose.model.spec;

import dev.jcompose.model.syntax.ShellWords;
import dev.jcompose.model.syntax.SyntaxException;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.List;

/** A command as a list of words or as one line; a later file replaces it as a whole. */
final class CommandShape implements Shape {
    private final boolean healthcheck;

    /** {@code healthcheck}: a line is for the container's shell instead of being split. */
    CommandShape(boolean healthcheck) {
        this.healthcheck = healthcheck;
    }

    @Override
    public YamlNode canonical(YamlNode raw, Place place) {
        if (raw instanceof Sequence words) {
            return words(words, place);
        }
        if (raw instanceof Scalar line && line.kind() == Scalar.Kind.TEXT) {
            return place.literal() ? line : line(line, place);
        }
        if (raw.isNull()) {
            return raw;
        }
        place.expected("a string or a list of strings", raw);
        return new Sequence(raw.at(), List.of());
    }

    private YamlNode line(Scalar line, Place place) {
        if (healthcheck) {
            return YamlNode.list(line.at(), List.of(line.withText("CMD-SHELL"), line));
        }

        try {
            return YamlNode.list(
                    line.at(),
                    ShellWords.split(line.text()).stream().map(line::withText).toList());
        } catch (SyntaxException e) {
            place.error(line, e.reason());
            return new Sequence(line.at(), List.of());
        }
    }

    private static YamlNode words(Sequence words, Place place) {
        for (int i = 0; i < words.items().size(); i++) {
            if (!(words.items().get(i) instanceof Scalar word) || word.kind() != Scalar.Kind.TEXT) {
                place.item(i).expected("a string", words.items().get(i));
            }
        }
        return words;
    }

    @Override
    public void check(YamlNode node, Place place) {
        if (node.isNull() && healthcheck) {
            place.noValue("a string or a list of strings", node);
        }
    }

    @Override
    public boolean isClearedByNull() {
        return !healthcheck;
    }

    @Override
    public boolean isBlank(YamlNode node) {
        boolean noTest =
                healthcheck && node instanceof Sequence words && words.items().isEmpty();
        return node.isNull() || noTest;
    }
}
