package dev.jcompose.model.load;

import dev.jcompose.model.problem.Position;
import dev.jcompose.model.problem.Problems;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds a project's directory, files and environment, before any of the files is read.
 *
 * @param files in merge order; empty for standard input
 */
record ProjectFiles(Path directory, List<Optional<Path>> files, ProjectEnvironment environment) {
    private static final List<String> NAMES =
            List.of("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml");
    private static final List<String> OVERRIDES = List.of(
            "compose.override.yml",
            "compose.override.yaml",
            "docker-compose.override.yml",
            "docker-compose.override.yaml");

    static ProjectFiles locate(LoadRequest request, EnvFiles envFiles, Problems problems) {
        return new Search(request, envFiles, problems).locate();
    }

    /** One search, with what the command line says. */
    private record Search(LoadRequest request, EnvFiles envFiles, Problems problems) {
        ProjectFiles locate() {
            var process = ProjectEnvironment.of(request.environment());
            var here = directory(request.files());
            var environment = environment(process, here);
            var named = request.files().isEmpty() ? filesOf(environment) : request.files();
            var files = named.isEmpty() ? discover(here) : paths(named);
            var directory = request.projectDirectory().isPresent() || files.isEmpty() ? here : directoryOf(files);
            return new ProjectFiles(
                    directory, files, directory.equals(here) ? environment : environment(process, directory));
        }

        private Path absolute(String path) {
            return request.workingDirectory().resolve(path).normalize();
        }

        private Path directory(List<String> files) {
            if (request.projectDirectory().isPresent()) {
                return absolute(request.projectDirectory().get());
            }
            return files.isEmpty() || files.getFirst().equals("-")
                    ? request.workingDirectory()
                    : parent(absolute(files.getFirst()));
        }

        private Path directoryOf(List<Optional<Path>> files) {
            return files.getFirst().map(Search::parent).orElse(request.workingDirectory());
        }

        private static Path parent(Path file) {
            var parent = file.getParent();
            return parent == null ? file : parent;
        }

        private ProjectEnvironment environment(ProjectEnvironment process, Path directory) {
            var explicit = request.envFiles().isEmpty()
                    ? process.setting("COMPOSE_ENV_FILES")
                            .map(list -> List.of(list.split(",")))
                            .orElse(List.of())
                    : request.envFiles();
            if (!explicit.isEmpty()) {
                return explicit(process, explicit);
            }
            if (process.flag("COMPOSE_DISABLE_ENV_FILE")) {
                return process;
            }
            boolean named =
                    !request.files().isEmpty() || request.projectDirectory().isPresent();
            var here = named ? process : process.withDefaults(envFiles.readDotEnv(request.workingDirectory(), process));
            return !named && directory.equals(request.workingDirectory())
                    ? here
                    : here.withDefaults(envFiles.readDotEnv(directory, here));
        }

        /** Later files win over earlier ones, the process over all. */
        private ProjectEnvironment explicit(ProjectEnvironment process, List<String> files) {
            Map<String, String> merged = Map.of();
            for (var file : files) {
                merged = envFiles.readOver(merged, absolute(file), Position.of(file), process);
            }
            return process.withDefaults(merged);
        }

        private List<String> filesOf(ProjectEnvironment environment) {
            var separator = environment.setting("COMPOSE_PATH_SEPARATOR").orElse(File.pathSeparator);
            return environment
                    .setting("COMPOSE_FILE")
                    .map(list -> List.of(list.split(java.util.regex.Pattern.quote(separator))))
                    .orElse(List.of());
        }

        private List<Optional<Path>> paths(List<String> names) {
            var paths = new ArrayList<Optional<Path>>();
            for (var name : names) {
                paths.add(name.equals("-") ? Optional.empty() : Optional.of(absolute(name)));
            }
            return paths;
        }

        private List<Optional<Path>> discover(Path start) {
            for (var directory = start; directory != null; directory = directory.getParent()) {
                var found = existing(directory, NAMES);
                if (!found.isEmpty()) {
                    return withOverride(directory, found);
                }
            }
            throw problems.fatal(
                    Position.of(start.toString()),
                    "",
                    "no configuration file provided: not found: compose.yaml, here or in a parent directory (name one with -f)");
        }

        private List<Optional<Path>> withOverride(Path directory, List<Path> found) {
            var files = new ArrayList<Optional<Path>>();
            files.add(Optional.of(found.getFirst()));
            warnIfSeveral(found);
            var overrides = existing(directory, OVERRIDES);
            if (!overrides.isEmpty()) {
                warnIfSeveral(overrides);
                files.add(Optional.of(overrides.getFirst()));
            }
            return files;
        }

        private void warnIfSeveral(List<Path> found) {
            if (found.size() > 1) {
                var used = found.getFirst();
                problems.warning(
                        Position.of(used.toString()),
                        "",
                        "several configuration files found, using this one and not "
                                + String.join(
                                        ", ",
                                        found.stream()
                                                .skip(1)
                                                .map(file -> String.valueOf(file.getFileName()))
                                                .toList()));
            }
        }

        private static List<Path> existing(Path directory, List<String> names) {
            return names.stream().map(directory::resolve).filter(Files::exists).toList();
        }
    }
}
