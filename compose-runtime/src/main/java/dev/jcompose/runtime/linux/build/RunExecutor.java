package dev.jcompose.runtime.linux.build;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Runs one command of a build in a container. */
@FunctionalInterface
public interface RunExecutor {
    /** Returns the command's exit code; lines of its output go to {@code output}. */
    int run(Step step, Consumer<String> output) throws InterruptedException;

    /**
     * The command and its world.
     *
     * @param layers directories below, from bottom to top
     * @param upper empty directory that takes what the command changes, as an overlay's upper directory
     * @param work empty directory beside it for the overlay's own use
     * @param env {@code KEY=value} each
     * @param user as in the image's configuration; empty for root
     */
    record Step(
            List<Path> layers,
            Path upper,
            Path work,
            List<String> command,
            List<String> env,
            String user,
            String workingDir) {
        public Step {
            layers = List.copyOf(layers);
            command = List.copyOf(command);
            env = List.copyOf(env);
        }
    }
}
