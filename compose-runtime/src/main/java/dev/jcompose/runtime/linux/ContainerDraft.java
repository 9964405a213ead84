package dev.jcompose.runtime.linux;

import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.ContainerSpec;
import dev.jcompose.runtime.linux.cdi.ContainerEdits;
import dev.jcompose.runtime.linux.image.StoredImage;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A container while its plan is being made: what every part of the plan looks at.
 *
 * @param reference the image as the service names it
 * @param files what the image shows
 * @param edits what the devices it asks for need
 */
record ContainerDraft(
        ContainerSpec spec,
        String id,
        String reference,
        StoredImage image,
        LayeredFiles files,
        ContainerFiles paths,
        ContainerEdits edits) {
    Project project() {
        return spec.project();
    }

    Service service() {
        return spec.service();
    }

    String id12() {
        return paths.id12();
    }

    /** The name the container has for itself. */
    String hostname() {
        return service().networking().hostname().orElse(id12());
    }

    Optional<String> mode() {
        return service().networking().mode();
    }

    /** The arguments of the payload: what the service says over what the image says, as in Docker. */
    List<String> arguments() {
        var process = service().process();
        var entrypoint = process.entrypoint().orElse(image.config().entrypoint());
        var command = process.command()
                .orElse(
                        process.entrypoint().isPresent()
                                ? List.of()
                                : image.config().cmd());
        List<String> arguments = new ArrayList<>(entrypoint);
        arguments.addAll(command);
        if (arguments.isEmpty()) {
            throw failure("no command: image \"" + reference + "\" has none; set command or entrypoint");
        }
        return arguments;
    }

    BackendException failure(String reason) {
        return new BackendException("cannot create container " + spec.name() + ": " + reason);
    }
}
