package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Remembers by the key of its inputs what a build step made; losing an entry only costs time. */
public final class StepCache {
    private final Path directory;

    StepCache(Path directory) {
        this.directory = directory;
    }

    /** What was remembered for a key. */
    public List<String> get(Digest key) throws IOException {
        try {
            return Files.readAllLines(directory.resolve(key.hex()));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    public void put(Digest key, List<String> lines) throws IOException {
        var text = String.join("\n", lines) + "\n";
        StoreFiles.replace(directory.resolve(key.hex()), text.getBytes(StandardCharsets.UTF_8));
    }

    /** The first line remembered. */
    public Optional<String> first(Digest key) throws IOException {
        return get(key).stream().findFirst();
    }
}
