package dev.jcompose.model.problem;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects everything wrong with a project, so that one run tells all of it. */
public final class Problems {
    private static final int MOST = 200;
    private static final int MOST_SNIPPETS = 20;

    private final Snippets snippets = new Snippets();

    private final Set<Problem> errors = new LinkedHashSet<>();
    private final Set<Problem> warnings = new LinkedHashSet<>();

    public void error(Position at, String path, String message) {
        if (errors.size() < MOST) {
            errors.add(new Problem(at, path, message));
        } else if (errors.size() == MOST) {
            errors.add(new Problem(at, "", "more problems from here on; only the first " + MOST + " are shown"));
        }
    }

    /** Whether further problems would not be shown anyway. */
    public boolean isFull() {
        return errors.size() > MOST;
    }

    public void warning(Position at, String path, String message) {
        if (warnings.size() < MOST) {
            warnings.add(new Problem(at, path, message));
        }
    }

    public boolean hasErrors() {
        return !errors.isEmpty();
    }

    public List<Problem> warnings() {
        return new ArrayList<>(warnings);
    }

    public void throwIfAny() {
        if (hasErrors()) {
            throw exception();
        }
    }

    /** Lets messages show lines of a file. */
    public void addSource(String file, String text) {
        snippets.add(file, text);
    }

    private InvalidProjectException exception() {
        var lines = new ArrayList<String>();
        for (var problem : errors) {
            lines.add(lines.size() < MOST_SNIPPETS ? snippets.of(problem) : problem.toString());
        }
        return new InvalidProjectException(new ArrayList<>(errors), String.join("\n", lines));
    }

    /** For what leaves nothing to go on with: ends loading with this and all problems found before. */
    public InvalidProjectException fatal(Position at, String path, String message) {
        error(at, path, message);
        return exception();
    }
}
