package dev.jcompose.runtime.linux.build;

import dev.jcompose.model.Networking.HostEntry;
import dev.jcompose.model.Resources.Ulimit;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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
            String workingDir,
            List<StepMount> mounts,
            Confinement confinement) {
        public Step {
            layers = List.copyOf(layers);
            command = List.copyOf(command);
            env = List.copyOf(env);
            mounts = List.copyOf(mounts);
        }
    }

    /** What is mounted for the time of the command, at an absolute path; nothing of it is in the layer. */
    sealed interface StepMount {
        String target();

        /** A file or directory of ours. */
        record Shared(Path source, String target, boolean readOnly) implements StepMount {}

        /** What lies at a path of stacked layers, from bottom to top, for reading. */
        record Layers(List<Path> layers, String path, String target) implements StepMount {
            public Layers {
                layers = List.copyOf(layers);
            }
        }

        /** Memory, with a largest size in bytes. */
        record Memory(String target, OptionalLong size) implements StepMount {}

        /** A file of our making. */
        record Text(ByteBuffer content, String target, int mode, Owner owner) implements StepMount {}
    }

    /**
     * What a command gets of the machine.
     *
     * @param network {@code default}, {@code none} or {@code host}
     * @param privileged whether it may do what root may
     * @param shmSize bytes of {@code /dev/shm}
     * @param memory most bytes of memory
     */
    record Confinement(
            String network,
            boolean privileged,
            List<HostEntry> extraHosts,
            OptionalLong shmSize,
            Map<String, Ulimit> ulimits,
            OptionalLong memory) {
        public static final Confinement PLAIN =
                new Confinement("default", false, List.of(), OptionalLong.empty(), Map.of(), OptionalLong.empty());

        public Confinement {
            extraHosts = List.copyOf(extraHosts);
            ulimits = Map.copyOf(ulimits);
        }

        Confinement withNetwork(String name) {
            return new Confinement(name, privileged, extraHosts, shmSize, ulimits, memory);
        }
    }
}
