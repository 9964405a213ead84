package dev.jcompose.model.load;

import dev.jcompose.model.Project;
import java.util.List;

/** Reads project files and returns one finished project; the only way into the model. */
public interface ProjectLoader {
    /**
     * Reads, merges, interpolates and checks the files of a request.
     *
     * @throws dev.jcompose.model.problem.InvalidProjectException with every problem found
     */
    default Project load(LoadRequest request) {
        return load(request, List.of());
    }

    /** The same, with the services named enabled whatever their profiles; names the project does not have are passed over. */
    Project load(LoadRequest request, List<String> services);
}
