package dev.jcompose.model.load;

import java.nio.file.Path;
import java.util.Optional;

/** Chooses what the paths of a file become: absolute, or relative to the project directory. */
final class PathBases {
    private PathBases() {}

    static PathResolver resolver(
            LoadOptions options, Path projectDirectory, Path directory, ProjectEnvironment environment) {
        return options.resolvePaths()
                ? new PathResolver(directory, environment.value("HOME").map(Path::of))
                : new PathResolver(
                        projectDirectory.relativize(directory),
                        directory.equals(projectDirectory)
                                ? Optional.empty()
                                : environment.value("HOME").map(Path::of));
    }
}
