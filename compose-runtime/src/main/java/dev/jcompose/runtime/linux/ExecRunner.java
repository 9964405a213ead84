package dev.jcompose.runtime.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.ExecRequest;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.linux.shim.ContainerState;
import dev.jcompose.runtime.linux.shim.DurableFile;
import dev.jcompose.runtime.linux.shim.Frame;
import dev.jcompose.runtime.linux.shim.Frames;
import dev.jcompose.runtime.linux.shim.HelperBinary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs commands in running containers: the helper does it with our own terminal and streams. */
final class ExecRunner {
    private static final long LARGEST_TEXT = 4L << 20;
    private static final int LARGEST_OUTPUT = 1 << 16;
    private static final long SECONDS_TO_END = 10;

    private final HelperBinary helper;

    ExecRunner(HelperBinary helper) {
        this.helper = helper;
    }

    int run(ContainerFiles files, ContainerState state, ExecRequest request) throws InterruptedException {
        return await(start(write(files, frames(files, state, request)), new ProcessBuilder().inheritIO()));
    }

    /** How a command ended and what it printed, both streams together. */
    record Result(int exitCode, String output) {}

    /** The same with the output kept, at most {@value #LARGEST_OUTPUT} bytes of it. */
    Result capture(ContainerFiles files, ContainerState state, ExecRequest request) throws InterruptedException {
        var output = temporary(files, "output-");
        try {
            var builder = new ProcessBuilder().redirectErrorStream(true).redirectOutput(output.toFile());
            int code = await(start(write(files, frames(files, state, request)), builder));
            try (var in = Files.newInputStream(output)) {
                return new Result(code, new String(in.readNBytes(LARGEST_OUTPUT), UTF_8));
            }
        } catch (IOException e) {
            throw new BackendException("cannot read " + output + ": " + DurableFile.reason(e), e);
        } finally {
            FileTrees.delete(output);
        }
    }

    /** The helper removes the request once it has read it. */
    private Process start(Path request, ProcessBuilder builder) {
        try {
            return builder.command(helper.path().toString(), "exec", request.toString())
                    .start();
        } catch (IOException e) {
            FileTrees.delete(request);
            throw new BackendException("cannot run " + helper.path() + ": " + e.getMessage(), e);
        }
    }

    /** A helper that we no longer wait for is ended, so that it gives our terminal back before we do. */
    private static int await(Process process) throws InterruptedException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            throw e;
        }
    }

    private static Path write(ContainerFiles files, List<Frame> frames) {
        try {
            return Files.write(temporary(files, "exec-"), Frames.encode(frames));
        } catch (IOException e) {
            throw new BackendException(
                    "cannot ask for a command in container " + files.id12() + ": " + DurableFile.reason(e), e);
        }
    }

    private static Path temporary(ContainerFiles files, String prefix) {
        try {
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            return Files.createTempFile(files.run(), prefix, "", owner);
        } catch (IOException e) {
            throw new BackendException(
                    "cannot ask for a command in container " + files.id12() + ": " + DurableFile.reason(e), e);
        }
    }

    private static List<Frame> frames(ContainerFiles files, ContainerState state, ExecRequest request) {
        List<Frame> frames = new ArrayList<>();
        frames.add(Frame.of("plan", files.plan().toString()));
        frames.add(Frame.of("state", files.stateFile().toString()));
        request.command().forEach(argument -> frames.add(Frame.of("arg", argument)));
        request.user().ifPresent(user -> {
            var identity = identity(state, user);
            frames.add(Frame.of("user", Long.toString(identity.uid()), Long.toString(identity.gid())));
            identity.groups().forEach(gid -> frames.add(Frame.of("group", Long.toString(gid))));
            if (request.environment().stream().noneMatch(pair -> pair.startsWith("HOME="))) {
                frames.add(Frame.of("env", "HOME=" + identity.home()));
            }
        });
        request.environment().forEach(pair -> frames.add(Frame.of("env", pair)));
        request.workingDir().ifPresent(directory -> frames.add(Frame.of("cwd", directory)));
        flag(frames, "tty", request.tty());
        flag(frames, "stdin", request.stdin());
        flag(frames, "detach", request.detach());
        flag(frames, "privileged", request.privileged());
        return frames;
    }

    private static void flag(List<Frame> frames, String key, boolean set) {
        if (set) {
            frames.add(Frame.of(key, "1"));
        }
    }

    private static Identity identity(ContainerState state, String user) {
        var root = Path.of("/proc", Integer.toString(state.pid().orElse(0)), "root");
        return new ImageUsers(path -> text(root.resolve(path.substring(1)))).resolve(user, List.of());
    }

    /** A file of the running container. Links are not followed: outside of the container they would lead elsewhere. */
    private static Optional<String> text(Path file) {
        var directory = file.getParent();
        try {
            boolean plain = directory != null
                    && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(file) <= LARGEST_TEXT;
            return plain ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
