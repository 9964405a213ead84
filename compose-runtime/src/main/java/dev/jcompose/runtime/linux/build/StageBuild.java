package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Command;
import dev.jcompose.runtime.build.DockerfileParser;
import dev.jcompose.runtime.build.Expansion;
import dev.jcompose.runtime.build.Instruction;
import dev.jcompose.runtime.build.Place;
import dev.jcompose.runtime.linux.image.StoredLayer;
import dev.jcompose.runtime.linux.layer.LayerEntry;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.oci.ImageDocument.History;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Carries out one stage's instructions, one after the other. */
final class StageBuild {
    private final Settings settings;
    private final List<StoredLayer> layers;
    private final List<History> history;
    private final Map<String, String> args = new HashMap<>();
    private final Arguments arguments;
    private final char escape;
    private final LayerSteps layerSteps;
    private final Steps steps;
    private final Sources sources;
    private final Optional<RunExecutor> executor;
    private final Running running;
    private final List<String> triggers;

    /** What commands are run with. */
    record Running(RunMounts.Means means, Confining confining) {}

    /** What a stage needs from the build around it. */
    record Surroundings(
            Arguments arguments,
            char escape,
            LayerSteps layerSteps,
            Steps steps,
            Sources sources,
            Optional<RunExecutor> executor,
            Running running) {}

    StageBuild(Optional<StageResult> base, Surroundings around) {
        settings = base.map(b -> new Settings(b.config())).orElseGet(Settings::scratch);
        layers = new ArrayList<>(base.map(StageResult::layers).orElse(List.of()));
        history = new ArrayList<>(base.map(StageResult::history).orElse(List.of()));
        arguments = around.arguments();
        escape = around.escape();
        layerSteps = around.layerSteps();
        steps = around.steps();
        sources = around.sources();
        executor = around.executor();
        running = around.running();
        triggers = base.map(b -> b.config().onBuild()).orElse(List.of());
    }

    /** What the image this stage starts from wants to be done first. */
    void applyTriggers(Place place) throws IOException, InterruptedException {
        for (var trigger : triggers) {
            for (var instruction : DockerfileParser.parseTrigger(place, trigger)) {
                apply(instruction);
            }
        }
    }

    StageResult result() {
        return new StageResult(settings.toConfig(), layers, history);
    }

    void apply(Instruction instruction) throws IOException, InterruptedException {
        switch (instruction) {
            case Instruction.Copy copy -> copy(copy);
            case Instruction.Workdir workdir -> workdir(workdir);
            case Instruction.Run run -> run(run);
            case Instruction.Arg arg -> declare(arg);
            default -> {
                set(instruction);
                history.add(new History(Optional.empty(), instruction.text(), true));
            }
        }
    }

    private void set(Instruction instruction) {
        var expansion = expansion(instruction);
        switch (instruction) {
            case Instruction.Env env -> putAll(settings.env(), env.values(), expansion);
            case Instruction.Label label -> putAll(settings.labels(), label.values(), expansion);
            case Instruction.Cmd cmd -> settings.setCmd(arguments(cmd.command()));
            case Instruction.Entrypoint entrypoint -> settings.setEntrypoint(arguments(entrypoint.command()));
            case Instruction.Shell shell -> settings.setShell(shell.arguments());
            case Instruction.User user -> settings.setUser(expansion.word(user.user()));
            case Instruction.Expose expose -> expose(expose, expansion);
            case Instruction.Volume volume ->
                volume.paths().forEach(path -> settings.volumes().add(expansion.word(path)));
            case Instruction.StopSignal stop -> settings.setStopSignal(expansion.word(stop.signal()));
            case Instruction.Health health -> settings.setHealthcheck(health.check());
            case Instruction.OnBuild on -> settings.onBuild().add(on.trigger());
            case Instruction.Maintainer maintainer -> {} // in the history, as all that is not a setting
            default -> throw new BuildException(instruction.place(), instruction.name() + " is not expected here");
        }
    }

    /** Environment goes before arguments of the same name. */
    private Expansion expansion(Instruction instruction) {
        return new Expansion(
                instruction.place(),
                escape,
                name -> Optional.ofNullable(settings.env().get(name)).or(() -> Optional.ofNullable(args.get(name))));
    }

    /** All values of one instruction see the variables as they were before it. */
    private static void putAll(Map<String, String> map, Map<String, String> values, Expansion expansion) {
        var expanded = new LinkedHashMap<String, String>();
        values.forEach((name, value) -> expanded.put(expansion.word(name), expansion.word(value)));
        map.putAll(expanded);
    }

    private List<String> arguments(Command command) {
        return command.arguments(settings.shell());
    }

    private void declare(Instruction.Arg arg) {
        arg.defaults().forEach((name, value) -> {
            var otherwise = value.map(text -> expansion(arg).word(text));
            arguments.declared(name, otherwise).ifPresent(result -> args.put(name, result));
        });
        history.add(new History(Optional.empty(), arg.text(), true));
    }

    private void expose(Instruction.Expose expose, Expansion expansion) {
        for (var word : expose.ports()) {
            for (var port : expansion.word(word).strip().split("\\s+", -1)) {
                if (!port.matches("[0-9]+(-[0-9]+)?(/(tcp|udp|sctp))?")) {
                    throw new BuildException(expose.place(), "\"" + port + "\" is not a port (like 80 or 53/udp)");
                }
                addPorts(port);
            }
        }
    }

    private void addPorts(String text) {
        var protocol = text.contains("/") ? text.substring(text.indexOf('/')) : "/tcp";
        var range = text.replaceFirst("/.*", "").split("-", 2);
        int last = Integer.parseInt(range[range.length - 1]);
        for (int port = Integer.parseInt(range[0]); port <= last; port++) {
            settings.ports().add(port + protocol);
        }
    }

    private LayeredFiles files() {
        return new LayeredFiles(layers.stream().map(StoredLayer::diff).toList());
    }

    private void copy(Instruction.Copy copy) throws IOException, InterruptedException {
        var tree = sources.of(copy.flag("from"), copy.place());
        try (var step = new CopyStep(copy, tree, files(), expansion(copy), layerSteps.ingest())) {
            addLayer(copy, step.entries(settings.workingDir()));
        }
    }

    private void workdir(Instruction.Workdir workdir) throws IOException, InterruptedException {
        var path = Path.of(settings.workingDir())
                .resolve(expansion(workdir).word(workdir.path()))
                .normalize()
                .toString();
        settings.setWorkingDir(path);
        var image = files();
        var owner = settings.user().isEmpty() ? Owner.ROOT : Owner.parse(workdir.place(), settings.user(), image);
        var directory = new FileCopy(workdir.place(), image, Optional.of(owner), ModeChange.NONE);
        if (image.find(path).filter(found -> found.stat().isDirectory()).isPresent()) {
            steps.next(workdir, true);
            history.add(new History(Optional.empty(), workdir.text(), true));
            return;
        }
        directory.makeDirectory(image.realPath(path));
        addLayer(workdir, directory.entries());
    }

    private void addLayer(Instruction instruction, SortedMap<String, LayerEntry> entries)
            throws IOException, InterruptedException {
        var key = layerSteps.key("files", layers).add(entries).key();
        add(instruction, layerSteps.make(instruction, key, layers, steps, () -> entries));
    }

    private void add(Instruction instruction, LayerSteps.Made made) {
        layers.add(made.layer());
        history.add(new History(Optional.of(made.created()), instruction.text(), false));
    }

    private void run(Instruction.Run run) throws IOException, InterruptedException {
        var mounts = new RunMounts(run.mounts(expansion(run)), settings.workingDir(), sources, running.means());
        var world = new RunStep.World(running.confining().of(run), arguments.proxies());
        var step = new RunStep(run, settings, args, mounts, world);
        var key = step.key(layerSteps.key("run", layers));
        var executing = executor.orElseThrow(() -> new BuildException(run.place(), "RUN is not supported"));
        try (var scratch = layerSteps.ingest().scratch()) {
            add(run, layerSteps.make(run, key, layers, steps, () -> step.run(executing, scratch, layers, steps)));
        }
    }
}
