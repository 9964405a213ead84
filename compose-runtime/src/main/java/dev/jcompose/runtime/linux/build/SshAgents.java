package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The SSH agents a build may use: {@code default} is the user's own, {@code id=socket} another one. */
final class SshAgents {
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private final List<String> declared;
    private final Map<String, String> environment;

    SshAgents(List<String> declared, Map<String, String> environment) {
        this.declared = declared;
        this.environment = environment;
    }

    /** The socket of an agent; empty when the build has none of that name. */
    Optional<Path> find(Place place, String id) {
        for (var text : declared) {
            var parts = text.split("=|: ", 2);
            if (parts[0].equals(id)) {
                return Optional.of(parts.length > 1 ? socket(place, Path.of(parts[1])) : own(place));
            }
        }
        return Optional.empty();
    }

    private Path own(Place place) {
        return Optional.ofNullable(environment.get("SSH_AUTH_SOCK"))
                .filter(path -> !path.isEmpty())
                .map(path -> socket(place, Path.of(path)))
                .orElseThrow(() -> new BuildException(
                        place, "build.ssh \"default\" needs a running SSH agent: SSH_AUTH_SOCK is not set"));
    }

    private static Path socket(Place place, Path path) {
        try {
            if (Files.getAttribute(path, "unix:mode") instanceof Integer mode && (mode & TYPE) == SOCKET) {
                return path;
            }
        } catch (IOException e) {
            throw new BuildException(place, "build.ssh: there is no " + path, e);
        }
        throw new BuildException(
                place,
                "build.ssh: " + path + " is a key file, which is not supported: add it to an agent with"
                        + " \"ssh-add\" and name the agent's socket");
    }
}
