package dev.jcompose.runtime;

import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import java.util.Optional;

/**
 * A container to be created.
 *
 * @param replaces identifier of the container it takes over from: anonymous volumes carry over, the name may still be taken by it
 */
public record ContainerSpec(
        Project project, Service service, int number, String name, boolean oneOff, Optional<String> replaces) {}
