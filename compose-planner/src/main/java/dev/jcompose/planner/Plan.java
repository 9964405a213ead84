package dev.jcompose.planner;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.TreeSet;

/**
 * Steps in an order in which they could run one by one; {@link Step#after} says which may run at once.
 *
 * @param warnings what the user should be told before the plan runs (orphans, a network that is not ours)
 */
public record Plan(List<Step> steps, List<String> warnings) {
    public Plan {
        steps = List.copyOf(steps);
        warnings = List.copyOf(warnings);
    }

    /** One line per step, for tests, {@code --dry-run} and debug logs: {@code [1,2] -> #3 StartContainer[...], created}. */
    public String describe() {
        return steps.stream().map(Plan::describe).collect(joining("\n"));
    }

    private static String describe(Step step) {
        String after = new TreeSet<>(step.after()).stream().map(String::valueOf).collect(joining(","));
        return "[%s] -> #%d %s, %s".formatted(after, step.id(), step.action(), step.reason());
    }
}
