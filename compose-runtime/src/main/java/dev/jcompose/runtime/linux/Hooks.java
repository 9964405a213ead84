package dev.jcompose.runtime.linux;

import dev.jcompose.model.Lifecycle;
import dev.jcompose.runtime.ContainerFailedException;
import dev.jcompose.runtime.ExecRequest;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.ContainerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Commands around a container's life, kept in its plan, so that a command without the Compose file runs them too: frame
 * {@code x-hook <when> <user> <working directory> <privileged 0|1> <arguments> <argument>... <KEY=value>...}.
 */
final class Hooks {
    static final String POST_START = "post_start";
    static final String PRE_STOP = "pre_stop";
    private static final String KEY = "x-hook";
    private static final int FIRST_ARGUMENT = 6;

    private final ExecRunner execs;

    Hooks(ExecRunner execs) {
        this.execs = execs;
    }

    static void addTo(ContainerPlan.Builder plan, Lifecycle.Hooks hooks) {
        hooks.postStart().forEach(hook -> add(plan, POST_START, hook));
        hooks.preStop().forEach(hook -> add(plan, PRE_STOP, hook));
    }

    private static void add(ContainerPlan.Builder plan, String when, Lifecycle.Hook hook) {
        List<String> fields = new ArrayList<>(List.of(
                when,
                hook.user().orElse(""),
                hook.workingDir().orElse(""),
                hook.privileged() ? "1" : "0",
                Integer.toString(hook.command().size())));
        fields.addAll(hook.command());
        hook.environment().forEach((key, value) -> value.ifPresent(text -> fields.add(key + "=" + text)));
        plan.add(KEY, fields.toArray(String[]::new));
    }

    /** Runs those of that moment one after another; throws at the first that fails. */
    void run(String when, ContainerPlan plan, ContainerFiles files, ContainerState state) throws InterruptedException {
        int number = 0;
        for (var frame : plan.all(KEY)) {
            if (frame.text(1).equals(when)) {
                number++;
                var fields = frame.fields();
                int arguments = FIRST_ARGUMENT - 1 + Integer.parseInt(frame.text(5));
                var request = new ExecRequest(
                        fields.subList(FIRST_ARGUMENT - 1, arguments),
                        fields.subList(arguments, fields.size()),
                        Optional.of(frame.text(2)).filter(text -> !text.isEmpty()),
                        Optional.of(frame.text(3)).filter(text -> !text.isEmpty()),
                        false,
                        false,
                        false,
                        frame.text(4).equals("1"));
                var result = execs.capture(files, state, request);
                if (result.exitCode() != 0) {
                    throw failure(plan, when, number, result);
                }
            }
        }
    }

    private static ContainerFailedException failure(
            ContainerPlan plan, String when, int number, ExecRunner.Result result) {
        var output = result.output().strip();
        return new ContainerFailedException(
                when + " hook " + number + " of container " + plan.name() + " exited with code " + result.exitCode()
                        + (output.isEmpty() ? "" : ": " + output),
                1);
    }
}
