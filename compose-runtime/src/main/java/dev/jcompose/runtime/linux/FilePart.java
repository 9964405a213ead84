package dev.jcompose.runtime.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.model.FileConfig;
import dev.jcompose.model.Storage.FileMount;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.DurableFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Configs and secrets: files of the host, of the Compose file or of the environment, each at its place in the container. */
final class FilePart {
    private static final int LARGEST = 1_000_000;
    private static final int READABLE = 0444;

    private final ContainerDraft draft;

    FilePart(ContainerDraft draft) {
        this.draft = draft;
    }

    void addTo(ContainerPlan.Builder plan) {
        var storage = draft.service().storage();
        storage.configs()
                .forEach(mount -> add(plan, "config", mount, draft.project().configs()));
        storage.secrets()
                .forEach(mount -> add(plan, "secret", mount, draft.project().secrets()));
    }

    private void add(ContainerPlan.Builder plan, String kind, FileMount mount, Map<String, FileConfig> declared) {
        var config = declared.get(mount.source());
        var what = kind + " \"" + mount.source() + "\"";
        if (config == null || config.source().isEmpty()) {
            throw draft.failure(what + " has no content the native backend can read; give it a file or an environment");
        }
        switch (config.source().get()) {
            case FileConfig.Source.HostFile file -> hostFile(plan, what, mount, Path.of(file.path()));
            case FileConfig.Source.Content content ->
                content(plan, what, mount, content.text().getBytes(UTF_8));
            case FileConfig.Source.Variable variable -> {
                var value = draft.project().environment().get(variable.name());
                if (value == null) {
                    throw draft.failure(what + ": environment variable \"" + variable.name() + "\" is not set");
                }
                content(plan, what, mount, value.getBytes(UTF_8));
            }
        }
    }

    /** A file whose owner and mode are to stay is bound, so that the container sees changes; else it is copied. */
    private void hostFile(ContainerPlan.Builder plan, String what, FileMount mount, Path file) {
        if (!Files.exists(file)) {
            throw draft.failure(what + ": file " + file + " does not exist");
        }
        if (Files.isDirectory(file)) {
            throw draft.failure(
                    what + ": " + file + " is a directory; a file is needed, or bind the directory as a volume");
        }
        boolean asItIs =
                mount.uid().isEmpty() && mount.gid().isEmpty() && mount.mode().isEmpty();
        if (asItIs) {
            plan.add("mount", "bind", file.toString(), mount.target(), "ro,file,rprivate", "");
            return;
        }
        content(plan, what, mount, DurableFile.read(file).orElseThrow());
    }

    private void content(ContainerPlan.Builder plan, String what, FileMount mount, byte[] bytes) {
        if (bytes.length > LARGEST) {
            throw draft.failure(what + " has " + bytes.length + " bytes; more than " + LARGEST
                    + " are not supported, bind the file instead");
        }
        plan.addBytes(
                bytes,
                "file",
                mount.target(),
                Integer.toOctalString(mount.mode().orElse(READABLE)),
                mount.uid().orElse("0"),
                mount.gid().orElse("0"));
    }
}
