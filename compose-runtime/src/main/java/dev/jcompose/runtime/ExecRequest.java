package dev.jcompose.runtime;

import java.util.List;
import java.util.Optional;

/**
 * A command to run in a running container.
 *
 * @param environment {@code KEY=value} each, over the container's own
 * @param tty whether it gets a terminal; {@code stdin} whether our standard input is passed on
 * @param detach return at once, leaving it running
 */
public record ExecRequest(
        List<String> command,
        List<String> environment,
        Optional<String> user,
        Optional<String> workingDir,
        boolean tty,
        boolean stdin,
        boolean detach,
        boolean privileged) {
    public ExecRequest {
        command = List.copyOf(command);
        environment = List.copyOf(environment);
    }
}
