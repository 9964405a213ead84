package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Command;
import dev.jcompose.runtime.build.Instruction;
import dev.jcompose.runtime.linux.build.RunExecutor.Confinement;
import dev.jcompose.runtime.linux.build.RunExecutor.StepMount;
import dev.jcompose.runtime.linux.image.Ingest;
import dev.jcompose.runtime.linux.image.StoredLayer;
import dev.jcompose.runtime.linux.layer.LayerEntry;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.linux.layer.UpperDirectory;
import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One RUN: what is run, and what it changed. */
final class RunStep {
    private static final int LAST_LINES = 10;
    private static final String SCRIPTS = "/dev/pipes/";

    private final Instruction.Run run;
    private final List<String> command;
    private final SortedMap<String, String> env;
    private final Settings settings;
    private final RunMounts mounts;
    private final World world;

    /**
     * What a command gets besides its image.
     *
     * @param proxies variables that do not count for the cache
     */
    record World(Confinement confinement, Map<String, String> proxies) {}

    RunStep(Instruction.Run run, Settings settings, Map<String, String> args, RunMounts mounts, World world) {
        this.run = run;
        this.settings = settings;
        this.command = withHeredocs(run, run.command().arguments(settings.shell()));
        this.env = new TreeMap<>(args);
        env.putAll(settings.env());
        this.mounts = mounts;
        this.world = world;
    }

    /** The shell gets here-documents as part of its text; alone, they are the text. */
    private static List<String> withHeredocs(Instruction.Run run, List<String> command) {
        if (run.heredocs().isEmpty() || !(run.command() instanceof Command.Shell shell)) {
            return command;
        }
        if (isScript(run)) {
            return List.of(SCRIPTS + run.heredocs().getFirst().name());
        }
        var text = new StringBuilder();
        if (isAlone(run)) {
            text.append(run.heredocs().getFirst().text());
        } else {
            text.append(shell.text()).append('\n');
            run.heredocs().forEach(h -> text.append(h.text()).append(h.name()).append('\n'));
        }
        var all = new ArrayList<>(command.subList(0, command.size() - 1));
        all.add(text.toString());
        return all;
    }

    private static boolean isAlone(Instruction.Run run) {
        return run.heredocs().size() == 1
                && run.command() instanceof Command.Shell shell
                && shell.text().matches("<<-?['\"]?" + run.heredocs().getFirst().name() + "['\"]?");
    }

    /** A here-document that names its interpreter is a program of its own. */
    private static boolean isScript(Instruction.Run run) {
        return isAlone(run) && run.heredocs().getFirst().text().startsWith("#!");
    }

    private List<StepMount> scripts() {
        if (!isScript(run)) {
            return List.of();
        }
        var script = run.heredocs().getFirst();
        return List.of(new StepMount.Text(
                ByteBuffer.wrap(script.text().getBytes(StandardCharsets.UTF_8)),
                SCRIPTS + script.name(),
                0755,
                Owner.ROOT));
    }

    Digest key(StepKey key) throws IOException, InterruptedException {
        command.forEach(key::add);
        run.heredocs().forEach(heredoc -> key.add(heredoc.text()));
        env.forEach((name, value) -> key.add(name + "=" + value));
        mounts.addTo(key);
        var confinement = world.confinement();
        return key.add(settings.user())
                .add(settings.workingDir())
                .add(confinement.network() + " " + confinement.privileged() + " " + confinement.extraHosts())
                .key();
    }

    SortedMap<String, LayerEntry> run(
            RunExecutor executor, Ingest.Scratch scratch, List<StoredLayer> below, Steps steps)
            throws IOException, InterruptedException {
        var upper = Files.createDirectory(scratch.directory().resolve("upper"));
        var work = Files.createDirectory(scratch.directory().resolve("work"));
        var layers = below.stream().map(StoredLayer::diff).toList();
        var image = new LayeredFiles(layers);
        Files.setAttribute(
                upper,
                "unix:mode",
                image.find("").map(root -> root.stat().permissions()).orElse(0755));
        try (mounts) {
            var mounted = new ArrayList<>(scripts());
            mounted.addAll(mounts.prepare(scratch.directory()));
            var stubs = new Stubs(image, mounted);
            var step = new RunExecutor.Step(
                    layers,
                    upper,
                    work,
                    command,
                    variables(),
                    settings.user(),
                    settings.workingDir(),
                    mounted,
                    world.confinement());
            run(executor, step, steps);
            var entries = UpperDirectory.entries(upper);
            stubs.removeFrom(entries);
            return entries;
        }
    }

    private List<String> variables() {
        var all = new ArrayList<String>();
        world.proxies().forEach((name, value) -> {
            if (!env.containsKey(name)) {
                all.add(name + "=" + value);
            }
        });
        env.forEach((name, value) -> all.add(name + "=" + value));
        all.addAll(mounts.env());
        return all;
    }

    private void run(RunExecutor executor, RunExecutor.Step step, Steps steps) throws InterruptedException {
        var last = new ArrayDeque<String>();
        int code = executor.run(step, line -> {
            last.add(line);
            if (last.size() > LAST_LINES) {
                last.remove();
            }
            steps.output(line);
        });
        if (code != 0) {
            var output = last.isEmpty() ? "" : "; its last lines:\n  " + String.join("\n  ", last);
            throw new BuildException(run.place(), run.text() + " failed with exit code " + code + output);
        }
    }
}
