package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.image.StoredImage;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An image as text: its files by mode, owner and content, and its configuration; only what differs from another image. */
final class ImageText {
    private ImageText() {}

    static List<String> difference(StoredImage image, StoredImage base) {
        var lines = new ArrayList<String>();
        var before = files(base);
        var after = files(image);
        after.forEach((path, text) -> {
            if (!text.equals(before.get(path))) {
                lines.add(text + " /" + path);
            }
        });
        before.keySet().stream().filter(path -> !after.containsKey(path)).forEach(path -> lines.add("gone /" + path));
        lines.addAll(configuration(image));
        return lines;
    }

    private static Map<String, String> files(StoredImage image) {
        var stack = new LayeredFiles(image.layers());
        var found = new TreeMap<String, String>();
        add(stack, stack.find("").orElseThrow(), found, new LinkedHashMap<>());
        return found;
    }

    private static void add(
            LayeredFiles stack, LayeredFiles.Found directory, Map<String, String> found, Map<Long, String> inodes) {
        for (var file : stack.children(directory)) {
            var stat = file.stat();
            var linked =
                    stat.isRegularFile() && stat.links() > 1 ? inodes.putIfAbsent(stat.inode(), file.path()) : null;
            var content = linked != null ? " = /" + linked : content(file);
            found.put(file.path(), "%o %d:%d%s".formatted(stat.mode(), stat.uid(), stat.gid(), content));
            if (stat.isDirectory()) {
                add(stack, file, found, inodes);
            }
        }
    }

    private static String content(LayeredFiles.Found file) {
        try {
            if (file.stat().isSymbolicLink()) {
                return " -> " + Files.readSymbolicLink(file.file());
            }
            if (!file.stat().isRegularFile()) {
                return "";
            }
            var bytes = Files.readAllBytes(file.file());
            var text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8).strip();
            return text.matches("[ -~]{0,40}")
                    ? " \"" + text + "\""
                    : " " + Digest.of(text).hex().substring(0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> configuration(StoredImage image) {
        var config = image.config();
        var lines = new ArrayList<String>();
        add(lines, "env", config.env().stream().sorted().toList());
        add(lines, "entrypoint", config.entrypoint());
        add(lines, "cmd", config.cmd());
        add(lines, "user", config.user().isEmpty() ? List.of() : List.of(config.user()));
        add(lines, "workdir", config.workingDir().isEmpty() ? List.of() : List.of(config.workingDir()));
        add(lines, "ports", config.exposedPorts().stream().sorted().toList());
        add(lines, "volumes", config.volumes().stream().sorted().toList());
        add(lines, "labels", new TreeMap<>(config.labels()).entrySet());
        add(lines, "signal", config.stopSignal().stream().toList());
        add(lines, "health", config.healthcheck().stream().toList());
        add(lines, "shell", config.shell());
        add(lines, "onbuild", config.onBuild());
        return lines;
    }

    private static void add(List<String> lines, String name, java.util.Collection<?> values) {
        if (!values.isEmpty()) {
            lines.add(name + " " + values);
        }
    }
}
