package dev.jcompose.model.load;

import dev.jcompose.model.Project;
import dev.jcompose.model.render.ProjectDocument;
import java.util.List;

/** Loads projects from Compose files. */
public final class ComposeProjectLoader implements ProjectLoader {
    @Override
    public Project load(LoadRequest request, List<String> services) {
        return new Loading(request, services).project();
    }

    /**
     * The canonical document {@code config} prints.
     *
     * @param services those to keep, with what they depend on; empty for all
     */
    public ProjectDocument document(LoadRequest request, List<String> services) {
        return new Loading(request, services).document();
    }

    /** The document without what the services' env files say: enough for lists of names. */
    public ProjectDocument outline(LoadRequest request) {
        return new Loading(request, List.of()).outline();
    }

    /** The variables the project's files use, for {@code config --variables}. */
    public List<VariableUse> variables(LoadRequest request) {
        var options = new LoadOptions(false, true, true, false, false);
        var literal = new LoadRequest(
                request.workingDirectory(),
                request.environment(),
                request.stdin(),
                request.files(),
                request.projectName(),
                request.projectDirectory(),
                request.profiles(),
                request.envFiles(),
                options);
        return new Loading(literal, List.of()).variables();
    }
}
