package dev.jcompose.model;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What runs in a service's containers.
 *
 * @param command the arguments; empty when the image's own are wanted, an empty list when the image's are to be dropped
 * @param entrypoint likewise; setting it drops the image's command
 * @param environment variables in order, env files included; an empty value removes the image's variable
 * @param user {@code name|uid[:group|gid]} as written
 */
public record ProcessConfig(
        Optional<List<String>> command,
        Optional<List<String>> entrypoint,
        SequencedMap<String, Optional<String>> environment,
        Optional<String> workingDir,
        Optional<String> user,
        List<String> groupAdd,
        boolean tty,
        boolean stdinOpen,
        boolean init) {
    public ProcessConfig {
        command = command.map(List::copyOf);
        entrypoint = entrypoint.map(List::copyOf);
        environment = Copies.ordered(environment);
        groupAdd = List.copyOf(groupAdd);
    }
}
