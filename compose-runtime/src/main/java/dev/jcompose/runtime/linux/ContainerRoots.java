package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.linux.layer.FileTree;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.ContainerStateFile;
import dev.jcompose.runtime.linux.shim.DurableFile;
import dev.jcompose.runtime.linux.shim.Frame;
import dev.jcompose.runtime.linux.shim.HelperBinary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Shows the file systems of containers: as those that run see them, else as they would if they ran. */
final class ContainerRoots {
    /** What makes no sense without a container around it. */
    private static final Set<String> LEFT_OUT =
            Set.of("file", "mask", "protect", "sysctl", "device", "link", "seccomp", "namespace", "readonly");

    private static final Set<String> STORED = Set.of("bind", "volume", "image");

    private final ContainerIndex index;
    private final ContainerStates states;
    private final HelperBinary helper;

    ContainerRoots(ContainerIndex index, ContainerStates states, HelperBinary helper) {
        this.index = index;
        this.states = states;
        this.helper = helper;
    }

    /** The root directory, there until closed. */
    interface Root extends AutoCloseable {
        FileTree tree() throws IOException;

        ContainerPlan plan();

        @Override
        void close();
    }

    Root open(String id) {
        var files = index.require(id);
        var plan = index.plan(files);
        var state = states.of(files);
        if (state.isAlive() && state.pid().isPresent()) {
            return new Running(state.pid().getAsInt(), files, plan);
        }
        return new Stopped(start(files, plan), plan);
    }

    private record Running(int pid, ContainerFiles files, ContainerPlan plan) implements Root {
        /** Once the directory is open it stays the same; before, the number may have become another process's. */
        @Override
        public FileTree tree() throws IOException {
            var tree = new FileTree(Path.of("/proc", Integer.toString(pid), "root"));
            if (new ContainerStateFile().livingPayload(files).orElse(0) != pid) {
                tree.close();
                throw new ConflictException("container " + plan.name() + " has just ended");
            }
            return tree;
        }

        @Override
        public void close() {
            // the container keeps it
        }
    }

    /** The helper shows it to us until it is told to go. */
    private record Stopped(Process helper, ContainerPlan plan) implements Root {
        @Override
        public FileTree tree() throws IOException {
            return new FileTree(Path.of("/proc", Long.toString(helper.pid()), "root"));
        }

        @Override
        public void close() {
            try (var end = helper.getOutputStream()) {
                end.flush();
            } catch (IOException e) {
                helper.destroy();
            }
            helper.onExit().join();
        }
    }

    private Process start(ContainerFiles files, ContainerPlan plan) {
        FileTrees.create(files.run(), "rwx------");
        try {
            var reduced = Files.createTempFile(files.run(), "root-", "");
            plan.without(ContainerRoots::isLeftOut).writeTo(reduced);
            var process = new ProcessBuilder(helper.path().toString(), "root", reduced.toString()).start();
            if (process.getInputStream().read() < 0) {
                var reason = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                throw new BackendException(
                        "cannot look into container " + plan.name() + ": " + reason.replaceFirst("^jcompose: ", ""));
            }
            return process;
        } catch (IOException e) {
            throw new BackendException("cannot look into container " + plan.name() + ": " + DurableFile.reason(e), e);
        }
    }

    private static boolean isLeftOut(Frame frame) {
        return LEFT_OUT.contains(frame.key()) || (frame.key().equals("mount") && !STORED.contains(frame.text(1)));
    }
}
