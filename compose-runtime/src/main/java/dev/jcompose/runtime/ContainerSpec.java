package dev.jcompose.runtime;

import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import java.util.Optional;

/**
 * A container to be created.
 *
 * @param oneOff what it is to be when {@code run} makes it; empty for one of the service's own
 * @param replaces identifier of the container it takes over from: anonymous volumes carry over, the name may still be taken by it
 */
public record ContainerSpec(
        Project project, Service service, int number, String name, Optional<OneOff> oneOff, Optional<String> replaces) {
    /**
     * A container beside the service's own.
     *
     * @param slug what tells it from others
     * @param foreground whether its first run waits for somebody to attach, whose end of input is its own
     * @param aliases whether it is found by the names of the service too
     */
    public record OneOff(String slug, boolean foreground, boolean aliases) {}

    public boolean isOneOff() {
        return oneOff.isPresent();
    }

    /** Whether other containers find it by the service's names. */
    public boolean isFoundByService() {
        return oneOff.map(OneOff::aliases).orElse(true);
    }
}
