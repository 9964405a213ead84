package dev.jcompose.model.load;

import dev.jcompose.model.Project;
import dev.jcompose.model.render.ProjectDocument;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A project directory for one test, and ways to load it. */
final class Scratch {
    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();
    private List<String> files = List.of();
    private List<String> profiles = List.of();

    Scratch(Path directory) {
        this.directory = directory;
    }

    Scratch file(String name, String text) throws IOException {
        var file = directory.resolve(name);
        Files.createDirectories(Optional.ofNullable(file.getParent()).orElse(directory));
        Files.writeString(file, text);
        return this;
    }

    Scratch variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Scratch files(String... names) {
        files = List.of(names);
        return this;
    }

    Scratch profiles(String... names) {
        profiles = List.of(names);
        return this;
    }

    private LoadRequest request() {
        return request(LoadOptions.ALL);
    }

    private LoadRequest request(LoadOptions options) {
        return new LoadRequest(
                directory,
                environment,
                new ByteArrayInputStream(new byte[0]),
                files,
                Optional.of("shop"),
                Optional.empty(),
                profiles,
                List.of(),
                options);
    }

    Project load() {
        return new ComposeProjectLoader().load(request());
    }

    List<VariableUse> variables() {
        var asWritten = new LoadOptions(false, true, true, true, true);
        return new ComposeProjectLoader().variables(request(asWritten));
    }

    ProjectDocument document(String... services) {
        return new ComposeProjectLoader().document(request(), List.of(services));
    }
}
