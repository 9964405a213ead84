package dev.jcompose.runtime.linux;

import static java.util.stream.Collectors.joining;

import dev.jcompose.runtime.AttachRequest;
import dev.jcompose.runtime.Attachment;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.linux.shim.HelperBinary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A helper process with our streams, which speaks to the container's monitor. */
final class HelperAttachment implements Attachment {
    private static final long SECONDS_TO_END = 10;

    private final Process process;

    HelperAttachment(HelperBinary helper, ContainerFiles files, AttachRequest request) {
        FileTrees.create(files.run(), "rwx------");
        try {
            process = new ProcessBuilder(command(helper, files, request))
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            throw new BackendException("cannot run " + helper.path() + ": " + e.getMessage(), e);
        }
    }

    private static List<String> command(HelperBinary helper, ContainerFiles files, AttachRequest request) {
        List<String> command = new ArrayList<>(
                List.of(helper.path().toString(), "attach", files.run().toString()));
        if (request.tty()) {
            command.add("tty");
        }
        if (request.stdin()) {
            command.add("stdin");
        }
        command.add("keys=" + request.detachKeys().stream().map(String::valueOf).collect(joining(",")));
        return command;
    }

    @Override
    public int await() throws InterruptedException {
        return process.waitFor();
    }

    /** A helper that we no longer wait for is ended, so that it gives our terminal back before we do. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
