package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.linux.shim.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;

/**
 * What was last asked of a container, in a file that outlives the machine's boot, unlike its state: {@code intent} holds
 * {@code running} or {@code stopped}. Without one it was never started.
 */
enum Intent {
    RUNNING("running"),
    STOPPED("stopped"),
    NONE("");

    private final String text;

    Intent(String text) {
        this.text = text;
    }

    static Intent of(ContainerFiles files) {
        var text = CgroupFiles.read(files.intent()).orElse("");
        return text.equals(RUNNING.text) ? RUNNING : text.equals(STOPPED.text) ? STOPPED : NONE;
    }

    /** Not forced to disk: at worst a container is as it was asked to be before. */
    void note(ContainerFiles files) {
        if (of(files) == this) {
            return;
        }
        var temporary = files.intent().resolveSibling(".intent");
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, files.intent(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new BackendException("cannot write " + files.intent() + ": " + DurableFile.reason(e), e);
        }
    }
}
