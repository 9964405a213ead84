package dev.jcompose.runtime.linux.image;

import static java.util.stream.Collectors.joining;

import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageIndex;
import dev.jcompose.runtime.oci.ImageReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Which image each name stands for. Reading takes no lock, as the file is replaced whole; the layout's {@code index.json}
 * is written after it for other tools and never read.
 */
final class References {
    private final StoreFiles files;
    private final StoreLock lock;
    private final Function<Digest, Descriptor> manifests;

    References(StoreFiles files, Function<Digest, Descriptor> manifests) {
        this.files = files;
        this.lock = new StoreLock(files.referencesLock());
        this.manifests = manifests;
    }

    /** The image a name stands for: digests of its configuration and of its manifest. */
    record Target(Digest id, Digest manifest) {}

    /** All names in full form, sorted. */
    Map<String, Target> read() throws IOException {
        var targets = new TreeMap<String, Target>();
        for (var line : lines()) {
            var fields = line.split(" ", -1);
            if (fields.length == 3) {
                targets.put(fields[0], new Target(new Digest(fields[1]), new Digest(fields[2])));
            }
        }
        return targets;
    }

    private List<String> lines() throws IOException {
        try {
            return Files.readAllLines(files.references());
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** The short names of one image. */
    static List<String> namesOf(Digest id, Map<String, Target> targets) {
        var names = new ArrayList<String>();
        targets.forEach((name, target) -> {
            if (target.id().equals(id)) {
                names.add(ImageReference.parse(name).brief());
            }
        });
        return names;
    }

    void update(Consumer<Map<String, Target>> change) throws IOException {
        var held = lock.exclusive();
        try (held) {
            var targets = read();
            change.accept(targets);
            var text = targets.entrySet().stream()
                    .map(e -> e.getKey() + " " + e.getValue().id().hex() + " "
                            + e.getValue().manifest().hex() + "\n")
                    .collect(joining());
            StoreFiles.replace(files.references(), text.getBytes(StandardCharsets.UTF_8));
            StoreFiles.replace(files.index(), index(targets).write());
            StoreFiles.sync(files.root()); // with it the renames of all that the names stand for
        }
    }

    private ImageIndex index(Map<String, Target> targets) {
        var entries = new ArrayList<Descriptor>();
        targets.forEach((name, target) -> {
            var annotations = new LinkedHashMap<String, String>();
            annotations.put("io.containerd.image.name", name);
            annotations.put("org.opencontainers.image.ref.name", name);
            var manifest = manifests.apply(target.manifest());
            entries.add(new Descriptor(manifest.mediaType(), manifest.digest(), manifest.size(), "", annotations));
        });
        return new ImageIndex(entries);
    }
}
