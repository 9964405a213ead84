package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.build.Dockerfile;
import dev.jcompose.runtime.build.Expansion;
import dev.jcompose.runtime.build.Instruction;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which stages of a Dockerfile a build needs: the target and what it is made from, in order. */
final class Target {
    private final Dockerfile dockerfile;
    private final Arguments arguments;
    private final Set<String> contexts;
    private final SortedSet<Integer> needed = new TreeSet<>();

    /** {@code contexts} are names that stand for something else than stages. */
    Target(Dockerfile dockerfile, Arguments arguments, Set<String> contexts) {
        this.contexts = Set.copyOf(contexts);
        this.dockerfile = dockerfile;
        this.arguments = arguments;
    }

    /** Numbers of the needed stages, the target being the last. */
    SortedSet<Integer> stages(Optional<String> target) {
        var all = dockerfile.stages();
        var last = target.isEmpty()
                ? all.getLast()
                : dockerfile
                        .stage(target.get(), all.size())
                        .orElseThrow(() -> new BackendException(
                                dockerfile.name() + ": no stage \"" + target.get() + "\" to build"));
        need(last);
        return needed;
    }

    private void need(Dockerfile.Stage stage) {
        if (!needed.add(stage.number())) {
            return;
        }
        base(stage).ifPresent(this::need);
        for (var instruction : stage.instructions()) {
            if (instruction instanceof Instruction.Copy copy) {
                copy.flag("from").ifPresent(name -> need(name, stage));
            } else if (instruction instanceof Instruction.Run run) {
                run.mounts(new Expansion(run.place(), dockerfile.escape(), arguments::global)).stream()
                        .flatMap(mount -> mount.from().stream())
                        .forEach(name -> need(name, stage));
            }
        }
    }

    private void need(String name, Dockerfile.Stage by) {
        if (!contexts.contains(name)) {
            dockerfile.stage(name, by.number()).ifPresent(this::need);
        }
    }

    /** The image a stage starts from, with its variables replaced. */
    String image(Dockerfile.Stage stage) {
        return new Expansion(stage.from().place(), dockerfile.escape(), arguments::global)
                .word(stage.from().image());
    }

    /** The platform a stage asks for. */
    Optional<String> platform(Dockerfile.Stage stage) {
        return stage.from()
                .platform()
                .map(new Expansion(stage.from().place(), dockerfile.escape(), arguments::global)::word);
    }

    /** The earlier stage a stage starts from, if it is one. */
    Optional<Dockerfile.Stage> base(Dockerfile.Stage stage) {
        return dockerfile
                .stage(image(stage), stage.number())
                .filter(s -> !image(stage).matches("[0-9]+") && !contexts.contains(image(stage)));
    }
}
