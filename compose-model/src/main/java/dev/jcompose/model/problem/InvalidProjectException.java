package dev.jcompose.model.problem;

import static java.util.stream.Collectors.joining;

import java.util.List;

/** The project files say something that cannot be run; carries every problem found, not only the first. */
public final class InvalidProjectException extends ComposeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public InvalidProjectException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** {@code report}: all problems, with the lines they are in. */
    InvalidProjectException(List<Problem> problems, String report) {
        super(report);
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
