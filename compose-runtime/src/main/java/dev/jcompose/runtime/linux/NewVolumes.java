package dev.jcompose.runtime.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.linux.shim.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The volumes made for a container that has no plan yet: lines of a file beside where the plan will be. */
final class NewVolumes {
    private NewVolumes() {}

    private static Path file(ContainerFiles files) {
        return files.state().resolve("volumes");
    }

    static void note(ContainerFiles files, String name) {
        try {
            Files.writeString(file(files), name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new BackendException("cannot write " + file(files) + ": " + DurableFile.reason(e), e);
        }
    }

    /** They belong to a container now. */
    static void forget(ContainerFiles files) {
        FileTrees.delete(file(files));
    }

    /** Removes those of a container that never came to be. */
    static void remove(ContainerFiles files, VolumeStore volumes) {
        DurableFile.read(file(files))
                .ifPresent(bytes -> new String(bytes, US_ASCII).lines().forEach(volumes::remove));
    }
}
