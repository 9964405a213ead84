package dev.jcompose.model.load;

import dev.jcompose.model.spec.Paths;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes relative paths absolute, or for {@code --no-path-resolution} relative to the project directory.
 *
 * @param directory what the paths of a file are relative to
 * @param home where {@code ~} leads, if it may be followed
 */
record PathResolver(Path directory, Optional<Path> home) implements Paths {
    private static final List<String> REMOTE =
            List.of("https://", "http://", "git://", "ssh://", "github.com/", "git@", "service:");

    @Override
    public String file(String path) {
        var expanded = expand(path);
        if (expanded.startsWith("/") || directory.toString().isEmpty()) {
            return expanded;
        }
        return directory.resolve(expanded).normalize().toString();
    }

    @Override
    public String bind(String path) {
        boolean windows = path.startsWith("\\\\")
                || (path.length() > 1 && path.charAt(1) == ':' && Character.isLetter(path.charAt(0)));
        return windows ? path : file(path);
    }

    @Override
    public String context(String context) {
        return context.contains("://") || REMOTE.stream().anyMatch(context::startsWith) ? context : file(context);
    }

    private String expand(String path) {
        if (!path.startsWith("~") || home.isEmpty()) {
            return path;
        }
        var below = path.substring(1);
        return below.isEmpty() ? home.get().toString() : home.get() + (below.startsWith("/") ? below : "/" + below);
    }
}
