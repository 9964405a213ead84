package dev.jcompose.model.load;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which files to read and how; what the command line and the process give.
 *
 * @param files as written after {@code -f}, {@code -} for {@code stdin}; empty to search from the working directory
 * @param environment the process environment
 */
public record LoadRequest(
        Path workingDirectory,
        Map<String, String> environment,
        InputStream stdin,
        List<String> files,
        Optional<String> projectName,
        Optional<String> projectDirectory,
        List<String> profiles,
        List<String> envFiles,
        LoadOptions options) {
    public LoadRequest {
        environment = Map.copyOf(environment);
        files = List.copyOf(files);
        profiles = List.copyOf(profiles);
        envFiles = List.copyOf(envFiles);
    }
}
