package dev.jcompose.runtime.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Dockerfile as it was read.
 *
 * @param escape the character that joins lines and protects others
 * @param globalArgs arguments declared before the first stage
 */
public record Dockerfile(String name, char escape, List<Instruction.Arg> globalArgs, List<Stage> stages) {
    public Dockerfile {
        globalArgs = List.copyOf(globalArgs);
        stages = List.copyOf(stages);
    }

    /** A stage; its number counts from 0. */
    public record Stage(int number, Instruction.From from, List<Instruction> instructions) {
        public Stage {
            instructions = List.copyOf(instructions);
        }

        /** How it is called in progress and errors. */
        public String label() {
            return from.stage().orElse("stage-" + number);
        }
    }

    /** The stage of a name or number, among those before {@code limit}. */
    public Optional<Stage> stage(String name, int limit) {
        var found = new ArrayList<Stage>();
        for (var stage : stages.subList(0, limit)) {
            if (stage.from().stage().filter(name::equalsIgnoreCase).isPresent()) {
                found.add(stage);
            }
        }
        if (!found.isEmpty()) {
            return Optional.of(found.getLast());
        }
        return name.matches("[0-9]{1,4}") && Integer.parseInt(name) < limit
                ? Optional.of(stages.get(Integer.parseInt(name)))
                : Optional.empty();
    }
}
