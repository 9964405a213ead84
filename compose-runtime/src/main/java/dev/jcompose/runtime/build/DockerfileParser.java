package dev.jcompose.runtime.build;

import dev.jcompose.runtime.oci.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a Dockerfile; every instruction keeps its line for later messages. */
public final class DockerfileParser {
    private static final Set<String> COPY_FLAGS =
            Set.of("from", "chown", "chmod", "link", "parents", "exclude", "checksum", "keep-git-dir", "unpack");

    private final String file;
    private final LineReader reader;
    private final List<Instruction.Arg> globalArgs = new ArrayList<>();
    private final List<Dockerfile.Stage> stages = new ArrayList<>();

    private DockerfileParser(String text, String file) {
        this.file = file;
        this.reader = new LineReader(text, file);
    }

    /** {@code file} is what messages call it. */
    public static Dockerfile parse(String text, String file) {
        return new DockerfileParser(text, file).parse();
    }

    /** Instructions that an image wants to be carried out where it is built upon. */
    public static List<Instruction> parseTrigger(Place place, String text) {
        var parser = new DockerfileParser(text, place.file());
        return parser.reader.read().stream()
                .map(line -> parser.instruction(new LogicalLine(place, line.text(), line.heredocs())))
                .toList();
    }

    private Dockerfile parse() {
        var instructions = new ArrayList<Instruction>();
        for (var line : reader.read()) {
            var instruction = instruction(line);
            if (instruction instanceof Instruction.From) {
                endStage(instructions);
            }
            if (instructions.isEmpty() && !(instruction instanceof Instruction.From)) {
                addGlobal(instruction);
            } else {
                instructions.add(instruction);
            }
        }
        endStage(instructions);
        if (stages.isEmpty()) {
            throw new BuildException(new Place(file, 1), "no FROM instruction: a Dockerfile starts with FROM IMAGE");
        }
        return new Dockerfile(file, reader.escape(), globalArgs, stages);
    }

    private void addGlobal(Instruction instruction) {
        if (!(instruction instanceof Instruction.Arg arg)) {
            throw new BuildException(
                    instruction.place(), instruction.name() + " before FROM: only ARG may stand there");
        }
        globalArgs.add(arg);
    }

    private void endStage(List<Instruction> instructions) {
        if (!instructions.isEmpty() && instructions.getFirst() instanceof Instruction.From from) {
            stages.add(new Dockerfile.Stage(stages.size(), from, instructions.subList(1, instructions.size())));
            instructions.clear();
        }
    }

    private Instruction instruction(LogicalLine line) {
        var parts = line.text().split("\\s+", 2);
        var name = parts[0].toUpperCase(Locale.ROOT);
        var rest = parts.length > 1 ? parts[1].strip() : "";
        var place = line.place();
        var text = name + (rest.isEmpty() ? "" : " " + rest.replaceAll("\\s+", " "));
        if (rest.isEmpty()) {
            throw new BuildException(place, name + " needs an argument");
        }
        return switch (name) {
            case "FROM" -> from(line, text, rest);
            case "ARG" -> new Instruction.Arg(place, text, Words.defaults(line, rest, reader.escape()));
            case "ENV" -> new Instruction.Env(place, text, Words.pairs(line, rest, reader.escape()));
            case "LABEL" -> new Instruction.Label(place, text, Words.pairs(line, rest, reader.escape()));
            case "COPY", "ADD" -> copy(line, text, rest);
            case "RUN" -> run(line, text, rest);
            case "CMD" -> new Instruction.Cmd(place, text, command(place, rest));
            case "ENTRYPOINT" -> new Instruction.Entrypoint(place, text, command(place, rest));
            case "SHELL" -> shell(place, text, rest);
            case "WORKDIR" -> new Instruction.Workdir(place, text, rest);
            case "USER" -> new Instruction.User(place, text, rest);
            case "EXPOSE" -> new Instruction.Expose(place, text, Words.plain(rest));
            case "VOLUME" ->
                new Instruction.Volume(place, text, list(place, rest).orElseGet(() -> Words.plain(rest)));
            case "STOPSIGNAL" -> new Instruction.StopSignal(place, text, rest);
            case "HEALTHCHECK" -> HealthcheckParser.parse(place, text, rest, command -> command(place, command));
            case "ONBUILD" -> onBuild(place, text, rest);
            case "MAINTAINER" -> new Instruction.Maintainer(place, text, rest);
            default -> throw new BuildException(place, "unknown instruction: " + parts[0]);
        };
    }

    private Instruction onBuild(Place place, String text, String rest) {
        var trigger = rest.split("\\s+", 2)[0].toUpperCase(Locale.ROOT);
        if (Set.of("ONBUILD", "FROM", "MAINTAINER").contains(trigger)) {
            throw new BuildException(place, trigger + " cannot be a trigger of ONBUILD");
        }
        instruction(new LogicalLine(place, rest, List.of()));
        return new Instruction.OnBuild(place, text, rest);
    }

    private static Instruction from(LogicalLine line, String text, String rest) {
        var flags = Flags.of(line.place(), rest, Set.of("platform"));
        var words = Words.plain(flags.rest());
        boolean named = words.size() == 3 && words.get(1).equalsIgnoreCase("AS");
        if (words.size() != 1 && !named) {
            throw new BuildException(line.place(), "FROM takes one image: FROM IMAGE [AS NAME]");
        }
        Optional<String> stage = named ? Optional.of(words.get(2).toLowerCase(Locale.ROOT)) : Optional.empty();
        if (stage.filter(s -> !s.matches("[a-z][a-z0-9-_.]*")).isPresent()) {
            throw new BuildException(line.place(), "\"" + words.get(2) + "\" is not a name for a stage");
        }
        return new Instruction.From(line.place(), text, words.getFirst(), flags.value("platform"), stage);
    }

    private static Instruction copy(LogicalLine line, String text, String rest) {
        var flags = Flags.of(line.place(), rest, COPY_FLAGS);
        var words = list(line.place(), flags.rest()).orElseGet(() -> Words.plain(flags.rest()));
        if (words.size() < 2) {
            throw new BuildException(line.place(), text.split(" ", 2)[0] + " needs a source and a destination");
        }
        var sources = words.subList(0, words.size() - 1).stream()
                .filter(word -> line.heredocs().isEmpty() || !LineReader.isHeredoc(word))
                .toList();
        Map<String, String> single = new HashMap<>();
        flags.values().forEach((name, values) -> single.put(name, values.getLast()));
        return new Instruction.Copy(
                line.place(),
                text,
                text.startsWith("ADD "),
                single,
                flags.values().getOrDefault("exclude", List.of()),
                sources,
                line.heredocs(),
                words.getLast());
    }

    private static Instruction run(LogicalLine line, String text, String rest) {
        var flags = Flags.of(line.place(), rest, Set.of("mount", "network", "security"));
        return new Instruction.Run(
                line.place(),
                text,
                command(line.place(), flags.rest()),
                flags.values().getOrDefault("mount", List.of()),
                flags.value("network"),
                flags.value("security"),
                line.heredocs());
    }

    private static Instruction shell(Place place, String text, String rest) {
        var arguments = list(place, rest).filter(list -> !list.isEmpty());
        return new Instruction.Shell(
                place,
                text,
                arguments.orElseThrow(
                        () -> new BuildException(place, "SHELL needs the form [\"program\", \"argument\"]")));
    }

    private static Command command(Place place, String rest) {
        return list(place, rest).<Command>map(Command.Exec::new).orElseGet(() -> new Command.Shell(rest));
    }

    /** The JSON form; what does not read as JSON is taken for the other form. */
    private static Optional<List<String>> list(Place place, String rest) {
        if (!rest.startsWith("[")) {
            return Optional.empty();
        }
        return Json.tryParse(rest).map(json -> {
            if (!json.items().stream().allMatch(item -> item instanceof Json.Text)) {
                throw new BuildException(place, "only texts may stand in " + rest);
            }
            return json.texts();
        });
    }
}
