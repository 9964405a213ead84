package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.linux.layer.LayerEntry;
import dev.jcompose.runtime.linux.layer.LayerExtractor;
import dev.jcompose.runtime.linux.layer.LayerLimits;
import dev.jcompose.runtime.linux.layer.LayerWriter;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** Files on their way into a layer, put into a directory instead: with owners, modes, times and links. */
final class Materialized {
    private Materialized() {}

    /** Puts them into an existing directory. */
    static void put(SortedMap<String, LayerEntry> entries, Path directory) throws IOException {
        var tar = directory.resolveSibling(directory.getFileName() + ".tar");
        try {
            try (var out = Files.newOutputStream(tar)) {
                LayerWriter.write(entries, out);
            }
            try (var in = Files.newInputStream(tar)) {
                LayerExtractor.extract(in, directory, new LayeredFiles(List.of()), LayerLimits.DEFAULT);
            }
        } finally {
            Files.deleteIfExists(tar);
        }
    }
}
