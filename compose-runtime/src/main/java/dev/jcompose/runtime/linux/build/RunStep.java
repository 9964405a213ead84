package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Command;
import dev.jcompose.runtime.build.Instruction;
import dev.jcompose.runtime.linux.image.Ingest;
import dev.jcompose.runtime.linux.image.StoredLayer;
import dev.jcompose.runtime.linux.layer.LayerEntry;
import dev.jcompose.runtime.linux.layer.UpperDirectory;
import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
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

    private final Instruction.Run run;
    private final List<String> command;
    private final SortedMap<String, String> env;
    private final Settings settings;

    RunStep(Instruction.Run run, Settings settings, Map<String, String> args, List<String> command) {
        this.run = run;
        this.settings = settings;
        this.command = withHeredocs(run, command);
        this.env = new TreeMap<>(args);
        env.putAll(settings.env());
    }

    /** The shell gets here-documents as part of its text; alone, they are the text. */
    private static List<String> withHeredocs(Instruction.Run run, List<String> command) {
        if (run.heredocs().isEmpty() || !(run.command() instanceof Command.Shell shell)) {
            return command;
        }
        var text = new StringBuilder();
        var only = run.heredocs().getFirst();
        if (run.heredocs().size() == 1 && shell.text().matches("<<-?['\"]?" + only.name() + "['\"]?")) {
            text.append(only.text());
        } else {
            text.append(shell.text()).append('\n');
            run.heredocs().forEach(h -> text.append(h.text()).append(h.name()).append('\n'));
        }
        var all = new ArrayList<>(command.subList(0, command.size() - 1));
        all.add(text.toString());
        return all;
    }

    Digest key(StepKey key) {
        command.forEach(key::add);
        env.forEach((name, value) -> key.add(name + "=" + value));
        return key.add(settings.user()).add(settings.workingDir()).key();
    }

    SortedMap<String, LayerEntry> run(
            RunExecutor executor, Ingest.Scratch scratch, List<StoredLayer> below, Steps steps)
            throws IOException, InterruptedException {
        var upper = Files.createDirectory(scratch.directory().resolve("upper"));
        var work = Files.createDirectory(scratch.directory().resolve("work"));
        var step = new RunExecutor.Step(
                below.stream().map(StoredLayer::diff).toList(),
                upper,
                work,
                command,
                env.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toList(),
                settings.user(),
                settings.workingDir());
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
        return UpperDirectory.entries(upper);
    }
}
