package dev.jcompose.model.decode;

import dev.jcompose.model.Mount;
import dev.jcompose.model.Storage;
import dev.jcompose.model.Storage.FileMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What a service sees in its file system. */
final class StorageDecoder {
    private StorageDecoder() {}

    static Storage storage(Fields service) {
        var mounts = new ArrayList<Mount>();
        service.list("volumes").forEach(volume -> mounts.add(mount(volume)));
        service.words("tmpfs").forEach(line -> mounts.add(tmpfs(line)));
        return new Storage(
                mounts,
                service.flag("read_only"),
                service.whole("shm_size"),
                service.words("volumes_from"),
                files(service, "configs", "/"),
                files(service, "secrets", "/run/secrets/"));
    }

    private static Mount mount(Fields volume) {
        var target = absolute(volume.text("target").orElse(""), "/");
        boolean readOnly = volume.flag("read_only");
        return switch (volume.word("type").orElse("volume")) {
            case "bind" -> {
                var bind = volume.fields("bind");
                yield new Mount.Bind(
                        volume.text("source").orElse(""),
                        target,
                        readOnly,
                        bind.flag("create_host_path", true),
                        bind.word("propagation"),
                        bind.word("recursive"),
                        volume.fields("x-jcompose").word("owner"));
            }
            case "volume" -> volume(volume, target, readOnly);
            case "tmpfs" -> {
                var options = volume.fields("tmpfs");
                yield new Mount.Tmpfs(target, readOnly, options.whole("size"), options.integer("mode"), "");
            }
            case "image" ->
                new Mount.Image(
                        volume.text("source").orElse(""),
                        target,
                        volume.fields("image").word("subpath"));
            default ->
                new Mount.Other(
                        volume.word("type").orElse(""), volume.text("source").orElse(""), target, readOnly);
        };
    }

    private static Mount volume(Fields volume, String target, boolean readOnly) {
        var options = volume.fields("volume");
        var source = volume.word("source");
        return source.isEmpty()
                ? new Mount.AnonymousVolume(target, readOnly, options.flag("nocopy"))
                : new Mount.NamedVolume(
                        source.get(), target, readOnly, options.flag("nocopy"), options.word("subpath"));
    }

    private static Mount tmpfs(String line) {
        int colon = line.indexOf(':');
        var target = colon < 0 ? line : line.substring(0, colon);
        var options = colon < 0 ? "" : line.substring(colon + 1);
        boolean readOnly = List.of(options.split(",")).contains("ro");
        return new Mount.Tmpfs(absolute(target, "/"), readOnly, OptionalLong.empty(), OptionalInt.empty(), options);
    }

    static List<FileMount> files(Fields service, String key, String directory) {
        var found = new ArrayList<FileMount>();
        for (var file : service.list(key)) {
            var source = file.text("source").orElse("");
            found.add(new FileMount(
                    source,
                    absolute(file.word("target").orElse(source), directory),
                    file.word("uid"),
                    file.word("gid"),
                    mode(file.word("mode"))));
        }
        return found;
    }

    private static OptionalInt mode(Optional<String> octal) {
        return octal.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(octal.get(), 8));
    }

    private static String absolute(String path, String directory) {
        return path.startsWith("/") ? path : directory + path;
    }
}
