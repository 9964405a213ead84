package dev.jcompose.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.model.Build;
import dev.jcompose.model.BuildMeans;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Images.BuildRequest;
import dev.jcompose.runtime.linux.image.ArchiveLoader;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.testing.Tar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Dockerfiles of {@code dockerfiles.txt} give the images written there. With {@code -Djcompose.write=true} what they
 * give is written; with {@code -Djcompose.docker=PROGRAM} a real BuildKit has to give the same.
 */
class DockerfileTableTest {
    private static final Path TABLE = Path.of(
            System.getProperty("jcompose.table", "src/test/resources/dev/jcompose/runtime/linux/dockerfiles.txt"));
    private static final String BASE = "jcbase";
    private final Path temporary;
    private final Path context;
    private final TestBuilds builds;
    private final ImageStore store;

    DockerfileTableTest(@TempDir Path temporary) {
        this.temporary = temporary;
        this.context = temporary.resolve("context");
        this.builds = new TestBuilds(temporary);
        this.store = builds.store();
    }

    /** One entry of the table: its options, Dockerfile and expectation. */
    private record Entry(String name, List<String> options, String dockerfile, List<String> expected) {
        List<String> all(String option) {
            return options.stream()
                    .filter(text -> text.startsWith("@" + option + " "))
                    .map(text -> text.substring(option.length() + 2))
                    .toList();
        }

        String text(List<String> result) {
            var text = new StringBuilder("=== " + name + "\n");
            options.forEach(option -> text.append(option).append('\n'));
            text.append(dockerfile).append("---\n");
            result.forEach(line -> text.append(line).append('\n'));
            return text.toString();
        }
    }

    private static List<Entry> entries() throws IOException {
        var entries = new ArrayList<Entry>();
        for (var part : Files.readString(TABLE).split("(?m)^=== ", 0)) {
            if (!part.isBlank()) {
                var name = part.substring(0, part.indexOf('\n'));
                var rest = part.substring(name.length() + 1).split("(?m)^---\n", 2);
                var options =
                        rest[0].lines().filter(line -> line.startsWith("@")).toList();
                var dockerfile = rest[0].replaceAll("(?m)^@.*\n", "");
                entries.add(new Entry(
                        name,
                        options,
                        dockerfile,
                        rest.length > 1 ? rest[1].lines().toList() : List.of()));
            }
        }
        return entries;
    }

    private void prepare() throws IOException {
        for (var file : List.of("a.txt", "b.txt", "c.log", "dir/one", "dir/sub/two", "dir/sub/x.log", "hard/1")) {
            Files.createDirectories(context.resolve(file).getParent());
            Files.writeString(context.resolve(file), file);
        }
        Files.createLink(context.resolve("hard/2"), context.resolve("hard/1"));
        Files.createSymbolicLink(context.resolve("link"), Path.of("a.txt"));
        Files.createSymbolicLink(context.resolve("dir/inner"), Path.of("one"));
        Files.setAttribute(context.resolve("b.txt"), "unix:mode", 0750);
        Files.setAttribute(context.resolve("b.txt"), "unix:uid", 77);
        Files.setAttribute(context.resolve("dir/sub"), "unix:mode", 0700);
        Files.write(
                context.resolve("t.tgz"),
                Tar.gzip(new Tar().file("in/tar", "x", e -> e.setIds(9, 9)).bytes()));
        builds.loadBase(BASE);
    }

    private List<String> build(Entry entry) throws InterruptedException {
        var args = new LinkedHashMap<String, Optional<String>>();
        entry.all("arg").forEach(arg -> args.put(arg.split("=", 2)[0], Optional.of(arg.split("=", 2)[1])));
        var build = new Build(
                context.toString(),
                Optional.empty(),
                Optional.of(entry.dockerfile()),
                args,
                entry.all("target").stream().findFirst(),
                new LinkedHashMap<>(),
                List.of(),
                false,
                false,
                BuildMeans.NONE);
        try {
            builds.run(new BuildRequest("ours", build, Map.of(), Map.of(), false), line -> {});
            return ImageText.difference(
                    store.find("ours").orElseThrow(), store.find(BASE).orElseThrow());
        } catch (BackendException e) {
            return ("fails: " + e.getMessage())
                    .replace(context.toString(), "CONTEXT")
                    .lines()
                    .toList();
        }
    }

    /** A Docker engine, asked to build the same. */
    private record Engine(String program, Path temporary) {
        void importBase(Path tar, String name) throws IOException, InterruptedException {
            assertThat(run("import", tar.toString(), name)).isZero();
        }

        List<String> build(ImageStore store, Entry entry, Path context, String base)
                throws IOException, InterruptedException {
            var file = Files.writeString(temporary.resolve("Dockerfile"), entry.dockerfile());
            var command = new ArrayList<>(List.of("build", "-q", "-f", file.toString(), "-t", "jcbase-theirs"));
            entry.all("arg").forEach(arg -> command.addAll(List.of("--build-arg", arg)));
            entry.all("target").forEach(target -> command.addAll(List.of("--target", target)));
            command.add(context.toString());
            if (run(command.toArray(String[]::new)) != 0) {
                return List.of("fails: "
                        + Files.readString(temporary.resolve("engine.log")).strip());
            }
            var archive = temporary.resolve("theirs.tar");
            assertThat(run("save", "-o", archive.toString(), "jcbase-theirs")).isZero();
            new ArchiveLoader(store).load(archive);
            run("rmi", "jcbase-theirs");
            return ImageText.difference(
                    store.find("jcbase-theirs").orElseThrow(), store.find(base).orElseThrow());
        }

        private int run(String... arguments) throws IOException, InterruptedException {
            var command = new ArrayList<>(List.of(program));
            command.addAll(List.of(arguments));
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(temporary.resolve("engine.log").toFile())
                    .start()
                    .waitFor();
        }
    }

    @Test
    void dockerfilesGiveTheImagesOfTheTable() throws IOException, InterruptedException {
        TestBuilds.required();
        prepare();
        var docker = Optional.ofNullable(System.getProperty("jcompose.docker"))
                .map(program -> new Engine(program, temporary));
        if (docker.isPresent()) {
            docker.get().importBase(temporary.resolve("base.tar"), BASE);
        }
        var written = new StringBuilder();
        var expected = new StringBuilder();
        var different = new ArrayList<String>();
        for (var entry : entries()) {
            Files.deleteIfExists(context.resolve(".dockerignore"));
            if (!entry.all("ignore").isEmpty()) {
                Files.write(context.resolve(".dockerignore"), entry.all("ignore"));
            }
            var ours = build(entry);
            written.append(entry.text(ours));
            expected.append(entry.text(entry.expected()));
            if (docker.isPresent() && entry.all("ours").isEmpty()) {
                var theirs = docker.get().build(store, entry, context, BASE);
                if (!theirs.equals(ours)
                        && !(theirs.getFirst().startsWith("fails")
                                && ours.getFirst().startsWith("fails"))) {
                    different.add(entry.text(ours) + "+++ BuildKit\n" + String.join("\n", theirs) + "\n");
                }
            }
        }
        if (Boolean.getBoolean("jcompose.write")) {
            Files.writeString(TABLE, written.toString());
        } else {
            assertThat(written.toString()).isEqualTo(expected.toString());
        }
        assertThat(String.join("\n", different)).isEmpty();
    }
}
