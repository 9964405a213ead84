package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A git repository's files, fetched by the machine's own {@code git} without history. */
final class GitCheckout {
    private final String subject;
    private final Path directory;

    /** {@code subject} starts messages; the checkout is put into {@code directory}. */
    GitCheckout(String subject, Path directory) {
        this.subject = subject;
        this.directory = directory;
    }

    /** The directory that {@code address#ref:directory} names. */
    Path get(String source, boolean keepGit, Optional<String> commit) throws IOException, InterruptedException {
        var parts = source.split("#", 2);
        var fragment = parts.length > 1 ? parts[1].split(":", 2) : new String[] {""};
        var reference = commit.orElse(fragment[0].isEmpty() ? "HEAD" : fragment[0]);
        var root = Files.createDirectory(directory.resolve("git"));
        git(root, "init", "-q", ".");
        git(root, "fetch", "-q", "--depth", "1", "--", parts[0], reference);
        git(root, "checkout", "-q", "FETCH_HEAD");
        if (!keepGit) {
            delete(root.resolve(".git"));
        }
        var below = root.resolve(fragment.length > 1 ? fragment[1].replaceFirst("^/+", "") : "")
                .normalize();
        if (!below.startsWith(root) || !Files.isDirectory(below)) {
            throw new BackendException(subject + ": " + parts[0] + " has no directory " + fragment[1]);
        }
        return below;
    }

    private void git(Path root, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("git", "-c", "protocol.ext.allow=never", "-C", root.toString()));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new BackendException(subject + ": a git repository needs \"git\" on this machine: install it", e);
        }
        process.getOutputStream().close();
        String output;
        try {
            output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() == 0) {
                return;
            }
        } catch (InterruptedException e) {
            process.destroy();
            throw e;
        }
        throw new BackendException(subject + ": git " + arguments[0] + " failed: " + output);
    }

    private static void delete(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
