package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.build.RunExecutor;
import dev.jcompose.runtime.linux.shim.DurableFile;
import dev.jcompose.runtime.linux.shim.HelperBinary;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs commands of builds: each in a container of its own that a helper process starts and ends. The command ends when the
 * helper's input does, so also when we are killed.
 */
final class BuildRunner implements RunExecutor {
    private static final long SECONDS_TO_END = 10;

    private final NativeLayout layout;
    private final HelperBinary helper;
    private final BuildPlan plans;

    BuildRunner(NativeLayout layout, HelperBinary helper, BuildPlan plans) {
        this.layout = layout;
        this.helper = helper;
        this.plans = plans;
    }

    @Override
    public int run(Step step, Consumer<String> output) throws InterruptedException {
        try (var slot = plans.slot()) {
            plans.plan(step, slot).writeTo(slot.plan());
            int code = run(slot, output);
            var failure = DurableFile.read(slot.directory().resolve("failure"));
            failure.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).ifPresent(output);
            return code;
        }
    }

    private int run(BuildSlot slot, Consumer<String> output) throws InterruptedException {
        var command = new ProcessBuilder(
                helper.path().toString(),
                "step",
                layout.run().toString(),
                slot.directory().toString());
        Process process;
        try {
            process = command.redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new BackendException("cannot run " + helper.path() + ": " + e.getMessage(), e);
        }
        var reader = Thread.ofVirtual().name("build-output").start(() -> read(process.getInputStream(), output));
        try {
            int code = process.waitFor();
            reader.join();
            return code;
        } catch (InterruptedException e) {
            end(process);
            throw e;
        }
    }

    private static void read(InputStream in, Consumer<String> output) {
        try (var lines = new OutputLines(in)) {
            lines.forEach(output);
        } catch (IOException e) {
            output.accept("cannot read the command's output: " + e.getMessage());
        }
    }

    /** The helper kills the command and clears away what it has made. */
    private static void end(Process process) throws InterruptedException {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroy(); // it has gone already
        }
        if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
