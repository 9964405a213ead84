package dev.jcompose.runtime.linux.host;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Images.HostPrograms;
import dev.jcompose.runtime.linux.image.ArchiveLoader;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.layer.LayerWriter;
import dev.jcompose.runtime.oci.ImageConfig;
import dev.jcompose.runtime.oci.ImageDocument;
import dev.jcompose.runtime.oci.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** Makes an image of programs of this machine and all they need; the same programs always give the same image. */
public final class HostImage {
    private static final Path TIME_ZONES = Path.of("/usr/share/zoneinfo");
    private static final List<String> PATH =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    private final HostFiles files = new HostFiles();
    private final LinkedHashSet<String> path = new LinkedHashSet<>(PATH);
    private final Programs programs;
    private final HostPrograms wanted;

    private HostImage(HostPrograms wanted) {
        this.wanted = wanted;
        this.programs = new Programs(files, wanted.searchPath());
    }

    /** Puts the image into a store. */
    public static void make(ImageStore store, HostPrograms wanted) {
        try {
            new HostImage(wanted).make(store);
        } catch (IOException e) {
            throw new BackendException("cannot make image \"" + wanted.reference() + "\": " + e, e);
        }
    }

    private void make(ImageStore store) throws IOException {
        var name = ImageReference.parse(wanted.reference());
        var paths = new ArrayList<Path>();
        for (var program : wanted.programs()) {
            var added = programs.add(program);
            paths.add(added);
            path.add(String.valueOf(added.getParent()));
        }
        addFiles();
        addSurroundings();
        try (var ingest = store.ingest()) {
            var layer = ingest.writeLayer(out -> LayerWriter.write(files.entries(), out), List.of());
            var history = new ImageDocument.History(
                    Optional.of(Instant.EPOCH),
                    "jcompose image from-host " + String.join(" ", wanted.programs()),
                    false);
            var document = new ImageDocument(
                    Optional.of(Instant.EPOCH),
                    ArchiveLoader.architecture(),
                    "linux",
                    config(paths.getFirst()),
                    List.of(layer.diffId()),
                    List.of(history));
            ingest.finish(document, List.of(layer), List.of(name));
        }
    }

    private void addFiles() throws IOException {
        for (var file : wanted.files()) {
            if (!Files.exists(file)) {
                throw new BackendException("\"" + file + "\" does not exist");
            }
            var real = file.toRealPath();
            files.add(file);
            programs.addNeedsOf(Files.isDirectory(real) ? files.addTree(real) : List.of(real));
        }
        if (wanted.certificates()) {
            var bundles = KnownData.certificates();
            if (bundles.isEmpty()) {
                throw new BackendException("this machine has no bundle of certificate authorities");
            }
            bundles.forEach(files::add);
        }
        if (wanted.timeZones()) {
            if (files.addTree(TIME_ZONES).isEmpty()) {
                throw new BackendException("this machine has no time zones in " + TIME_ZONES);
            }
        }
    }

    /** What programs expect to be on every machine. */
    private void addSurroundings() {
        files.directory("tmp", 01777);
        files.directory("var", 0755);
        files.directory("var/tmp", 01777);
        files.directory("root", 0700);
        files.directory("etc", 0755);
        files.text("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
        files.text("etc/group", "root:x:0:\nnogroup:x:65534:\n");
    }

    private ImageConfig config(Path program) {
        var environment = new ArrayList<String>();
        environment.add("PATH=" + String.join(":", path));
        if (!programs.unusualDirectories().isEmpty()) {
            environment.add("LD_LIBRARY_PATH=" + String.join(":", programs.unusualDirectories()));
        }
        return new ImageConfig(
                environment,
                List.of(),
                List.of(program.toString()),
                "",
                "",
                List.of(),
                List.of(),
                new LinkedHashMap<>(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of());
    }
}
