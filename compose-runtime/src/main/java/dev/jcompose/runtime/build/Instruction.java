package dev.jcompose.runtime.build;

import dev.jcompose.model.Healthcheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** One instruction of a Dockerfile, with its words as written: variables are replaced when it is carried out. */
public sealed interface Instruction {
    Place place();

    /** The instruction on one line, as progress shows it. */
    String text();

    /** The word it starts with. */
    default String name() {
        return text().split(" ", 2)[0];
    }

    /** Begins a stage; {@code image} may be an earlier stage or {@code scratch}. */
    record From(Place place, String text, String image, Optional<String> platform, Optional<String> stage)
            implements Instruction {}

    /** Declares arguments, each with an optional default. */
    record Arg(Place place, String text, SequencedMap<String, Optional<String>> defaults) implements Instruction {}

    record Env(Place place, String text, SequencedMap<String, String> values) implements Instruction {}

    record Label(Place place, String text, SequencedMap<String, String> values) implements Instruction {}

    /** {@code COPY} and {@code ADD}: what to copy, and the flags before it. */
    record Copy(
            Place place,
            String text,
            boolean add,
            Map<String, String> flags,
            List<String> excludes,
            List<String> sources,
            List<Heredoc> heredocs,
            String target)
            implements Instruction {
        public Copy {
            flags = Map.copyOf(flags);
            excludes = List.copyOf(excludes);
            sources = List.copyOf(sources);
            heredocs = List.copyOf(heredocs);
        }

        public Optional<String> flag(String name) {
            return Optional.ofNullable(flags.get(name));
        }
    }

    /**
     * A command to run.
     *
     * @param mounts {@code --mount} flags as written
     * @param network {@code --network}
     * @param security {@code --security}
     */
    record Run(
            Place place,
            String text,
            Command command,
            List<String> mounts,
            Optional<String> network,
            Optional<String> security,
            List<Heredoc> heredocs)
            implements Instruction {
        public Run {
            mounts = List.copyOf(mounts);
            heredocs = List.copyOf(heredocs);
        }

        /** The mounts, their variables replaced. */
        public List<RunMount> mounts(Expansion expansion) {
            return mounts.stream()
                    .map(mount -> RunMount.parse(place, mount, expansion))
                    .toList();
        }
    }

    record Cmd(Place place, String text, Command command) implements Instruction {}

    record Entrypoint(Place place, String text, Command command) implements Instruction {}

    record Shell(Place place, String text, List<String> arguments) implements Instruction {}

    record Workdir(Place place, String text, String path) implements Instruction {}

    record User(Place place, String text, String user) implements Instruction {}

    record Expose(Place place, String text, List<String> ports) implements Instruction {}

    record Volume(Place place, String text, List<String> paths) implements Instruction {}

    record StopSignal(Place place, String text, String signal) implements Instruction {}

    record Health(Place place, String text, Healthcheck check, Optional<Command> command) implements Instruction {}

    record OnBuild(Place place, String text, String trigger) implements Instruction {}

    record Maintainer(Place place, String text, String maintainer) implements Instruction {}
}
