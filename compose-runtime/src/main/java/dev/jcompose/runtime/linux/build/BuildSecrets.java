package dev.jcompose.runtime.linux.build;

import dev.jcompose.model.FileConfig;
import dev.jcompose.model.Storage.FileMount;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Images.BuildRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The secrets a build may use, by the names its Dockerfile knows them by; read only when a step runs. */
final class BuildSecrets {
    private static final int LARGEST = 500 << 10;

    private final BuildRequest request;

    BuildSecrets(BuildRequest request) {
        this.request = request;
    }

    Optional<byte[]> find(String id) {
        return request.build().means().secrets().stream()
                .filter(secret -> secret.target().equals(id))
                .findFirst()
                .map(this::read);
    }

    private byte[] read(FileMount mount) {
        var what = "build secret \"" + mount.source() + "\"";
        var source = Optional.ofNullable(request.secrets().get(mount.source())).flatMap(FileConfig::source);
        if (source.isEmpty()) {
            throw new BackendException(what + " has no content: give it a file or an environment in \"secrets\"");
        }
        return switch (source.get()) {
            case FileConfig.Source.HostFile file -> file(what, Path.of(file.path()));
            case FileConfig.Source.Content content -> content.text().getBytes(StandardCharsets.UTF_8);
            case FileConfig.Source.Variable variable ->
                Optional.ofNullable(request.environment().get(variable.name()))
                        .map(value -> value.getBytes(StandardCharsets.UTF_8))
                        .orElseThrow(() -> new BackendException(
                                what + ": environment variable \"" + variable.name() + "\" is not set"));
        };
    }

    private static byte[] file(String what, Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new BackendException(what + ": " + file + " has more than " + LARGEST + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new BackendException(what + ": cannot read " + file, e);
        }
    }
}
