package dev.jcompose.model.interpolate;

import dev.jcompose.model.problem.Problems;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Mapping.Entry;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;

/** Fills in the variables of every text value of a file; keys stay as they are, and parts without variables are shared. */
public final class Interpolator {
    private final Variables variables;
    private final Problems problems;
    private final Set<String> warned;

    /** {@code warned}: the variables the user was already told about, of this and other files. */
    public Interpolator(Variables variables, Problems problems, Set<String> warned) {
        this.variables = variables;
        this.problems = problems;
        this.warned = warned;
    }

    public YamlNode interpolate(YamlNode node, String path) {
        if (node instanceof Scalar scalar) {
            return scalar(scalar, path);
        }
        return node instanceof Sequence sequence ? sequence(sequence, path) : mapping((Mapping) node, path);
    }

    private YamlNode scalar(Scalar scalar, String path) {
        if (scalar.kind() != Scalar.Kind.TEXT || scalar.text().indexOf('$') < 0) {
            return scalar;
        }
        try {
            return scalar.withText(Template.substitute(scalar.text(), new At(scalar, path)));
        } catch (TemplateException e) {
            problems.error(scalar.at(), path, e.reason());
            return scalar;
        }
    }

    /** The variables as one value sees them, which is where a blank one is reported. */
    private final class At implements Variables {
        private final Scalar scalar;
        private final String path;

        At(Scalar scalar, String path) {
            this.scalar = scalar;
            this.path = path;
        }

        @Override
        public Optional<String> value(String name) {
            return variables.value(name);
        }

        @Override
        public void blank(String name) {
            if (warned.add(name)) {
                problems.warning(
                        scalar.at(), path, "the \"" + name + "\" variable is not set, defaulting to a blank string");
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // identity tells whether anything was filled in
    private YamlNode sequence(Sequence sequence, String path) {
        var items = new ArrayList<YamlNode>(sequence.items().size());
        boolean changed = false;
        for (int i = 0; i < sequence.items().size(); i++) {
            var item = sequence.items().get(i);
            var filled = interpolate(item, path + "[" + i + "]");
            changed |= filled != item;
            items.add(filled);
        }
        return changed ? new Sequence(sequence.at(), items) : sequence;
    }

    @SuppressWarnings("ReferenceEquality") // identity tells whether anything was filled in
    private YamlNode mapping(Mapping mapping, String path) {
        var entries = new LinkedHashMap<String, Entry>();
        boolean changed = false;
        for (var entry : mapping.entries().entrySet()) {
            var value = entry.getValue();
            var filled = interpolate(value.value(), path.isEmpty() ? entry.getKey() : path + "." + entry.getKey());
            changed |= filled != value.value();
            entries.put(entry.getKey(), value.with(filled));
        }
        return changed ? new Mapping(mapping.at(), entries) : mapping;
    }
}
