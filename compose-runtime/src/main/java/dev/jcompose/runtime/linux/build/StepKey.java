package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.linux.image.StoredLayer;
import dev.jcompose.runtime.linux.layer.LayerEntry;
import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.SortedMap;

/**
 * The key of a build step's inputs: the layers below and every file by content, mode and owner. Times are left out, as
 * they differ between checkouts of the same files.
 */
final class StepKey {
    private final Path layersDirectory;
    private final MessageDigest digest = Digest.sha256();

    StepKey(Path layersDirectory, String kind, List<StoredLayer> below) {
        this.layersDirectory = layersDirectory;
        add(kind);
        below.forEach(layer -> add(layer.chainId().hex()));
    }

    StepKey add(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
        return this;
    }

    StepKey add(SortedMap<String, LayerEntry> entries) throws IOException {
        for (var entry : entries.entrySet()) {
            var file = entry.getValue();
            add(entry.getKey());
            add(file.mode() + " " + file.uid() + " " + file.gid());
            add(content(file.content()));
        }
        return this;
    }

    private String content(LayerEntry.Content content) throws IOException {
        return switch (content) {
            case LayerEntry.Content.Directory directory -> "directory";
            case LayerEntry.Content.Regular regular -> identity(regular.file());
            case LayerEntry.Content.Text text ->
                "file " + Digest.of(text.text()).hex();
            case LayerEntry.Content.Link link -> "link " + link.target();
            case LayerEntry.Content.Node node -> "node " + node.type() + " " + node.device();
        };
    }

    /** A layer's files are named by what they hold already; others must be read. */
    private String identity(Path file) throws IOException {
        if (file.startsWith(layersDirectory)) {
            var inside = layersDirectory.relativize(file).toString();
            if (!inside.startsWith(".")) {
                return "layer " + inside;
            }
        }
        try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), Digest.sha256())) {
            Files.copy(file, out);
            return "file " + Digest.of(out.getMessageDigest()).hex();
        }
    }

    Digest key() {
        return Digest.of(digest);
    }
}
