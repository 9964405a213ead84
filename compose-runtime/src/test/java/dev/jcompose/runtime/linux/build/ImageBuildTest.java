package dev.jcompose.runtime.linux.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.Build;
import dev.jcompose.model.BuildMeans;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Images.BuildRequest;
import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.linux.image.ArchiveLoader;
import dev.jcompose.runtime.linux.image.ImageSource;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.image.StoredImage;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.testing.Root;
import dev.jcompose.runtime.testing.Tar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageBuildTest {
    private static final ImageSource NOWHERE = (reference, store, progress) -> {
        throw new BackendException("no such image: " + reference);
    };

    private final Path context;
    private final Path temporary;
    private final ImageStore store;
    private final List<String> progress = new ArrayList<>();
    private Optional<RunExecutor> executor = Optional.empty();

    ImageBuildTest(@TempDir Path temporary) {
        this.temporary = temporary;
        this.context = temporary.resolve("context");
        this.store = new ImageStore(temporary.resolve("store"));
    }

    /** The context of all tests, and a base image "base". */
    @BeforeEach
    void makeContext() throws IOException {
        Root.required();
        for (var file : List.of("a.txt", "b.txt", "c.log", "dir/one", "dir/sub/two", "dir/sub/x.log")) {
            Files.createDirectories(context.resolve(file).getParent());
            Files.writeString(context.resolve(file), file);
        }
        Files.createSymbolicLink(context.resolve("link"), Path.of("a.txt"));
        Files.createSymbolicLink(context.resolve("dir/inner"), Path.of("one"));
        Files.createSymbolicLink(context.resolve("evil"), Path.of("../../../../../../etc/hostname"));
        Files.setAttribute(context.resolve("b.txt"), "unix:mode", 0750);
        Files.setAttribute(context.resolve("b.txt"), "unix:uid", 77);
        Files.setAttribute(context.resolve("dir/sub"), "unix:mode", 0700);
        Files.write(
                context.resolve("t.tgz"),
                Tar.gzip(new Tar().file("in/tar", "x", e -> e.setIds(9, 9)).bytes()));
        var base = new Tar()
                .file("etc/passwd", "root:x:0:0::/:/bin/sh\napp:x:1000:1001::/:/bin/sh\n")
                .file("etc/group", "root:x:0:\nstaff:x:50:\n")
                .directory("tmp", 01777)
                .directory("real", 0711)
                .symlink("alias", "real")
                .file("afile", "x")
                .bytes();
        new ArchiveLoader(store)
                .importRootfs(Files.write(temporary.resolve("base.tar"), base), ImageReference.parse("base"));
    }

    private StoredImage build(String dockerfile) throws InterruptedException {
        return build(dockerfile, Map.of(), Optional.empty(), false);
    }

    private StoredImage build(
            String dockerfile, Map<String, Optional<String>> args, Optional<String> target, boolean noCache)
            throws InterruptedException {
        progress.clear();
        var build = new Build(
                context.toString(),
                Optional.empty(),
                Optional.of(dockerfile),
                new LinkedHashMap<>(args),
                target,
                new LinkedHashMap<>(Map.of("from", "build")),
                List.of("extra:tag"),
                false,
                false,
                BuildMeans.NONE);
        var request = new BuildRequest("built", build, Map.of("by", "caller"), Map.of("HOSTVAR", "host"), noCache);
        ImageBuild.build(new ImageBuild.Parts(store, NOWHERE, executor), request, progress::add);
        return store.find("built").orElseThrow();
    }

    /** Every file the instructions added to an image: mode, owner, path. */
    private static List<String> added(StoredImage image) {
        var result = new ArrayList<String>();
        var files = new LayeredFiles(image.layers());
        list(files, files.find("").orElseThrow(), result);
        return result;
    }

    private static void list(LayeredFiles files, LayeredFiles.Found directory, List<String> result) {
        for (var file : files.children(directory)) {
            var stat = file.stat();
            result.add("%o %d:%d %s%s"
                    .formatted(
                            stat.permissions(),
                            stat.uid(),
                            stat.gid(),
                            file.path(),
                            stat.isDirectory() ? "/" : stat.isSymbolicLink() ? "@" : ""));
            if (stat.isDirectory()) {
                list(files, file, result);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "COPY a.txt /x | 644 0:0 x",
                "COPY a.txt /d/ | 755 0:0 d/, 644 0:0 d/a.txt",
                "COPY a.txt /d/e/x | 755 0:0 d/, 755 0:0 d/e/, 644 0:0 d/e/x",
                "COPY a.txt . | 644 0:0 a.txt",
                "COPY a.txt rel | 644 0:0 rel",
                "COPY a.txt b.txt /d/ | 755 0:0 d/, 644 0:0 d/a.txt, 750 0:0 d/b.txt",
                "COPY *.txt /d/ | 755 0:0 d/, 644 0:0 d/a.txt, 750 0:0 d/b.txt",
                "COPY ?.txt [a-b].txt /d/ | 755 0:0 d/, 644 0:0 d/a.txt, 750 0:0 d/b.txt",
                "COPY d*/su* /d/ | 755 0:0 d/, 644 0:0 d/two, 644 0:0 d/x.log",
                "COPY dir /d | 755 0:0 d/, 777 0:0 d/inner@, 644 0:0 d/one, 700 0:0 d/sub/, 644 0:0 d/sub/two, 644 0:0 d/sub/x.log",
                "COPY dir/ /d/ | 755 0:0 d/, 777 0:0 d/inner@, 644 0:0 d/one, 700 0:0 d/sub/, 644 0:0 d/sub/two, 644 0:0 d/sub/x.log",
                "COPY dir/sub/ / | 644 0:0 two, 644 0:0 x.log",
                "COPY --exclude=*.log dir/sub /d | 755 0:0 d/, 644 0:0 d/two",
                "COPY --exclude=**/*.log --exclude=inner dir /d | 755 0:0 d/, 644 0:0 d/one, 700 0:0 d/sub/, 644 0:0 d/sub/two",
                "COPY link /d/ | 755 0:0 d/, 644 0:0 d/link",
                "COPY dir/inner / | 644 0:0 inner",
                "COPY --chmod=0604 a.txt /x | 604 0:0 x",
                "COPY --chmod=700 dir/sub /d | 700 0:0 d/, 700 0:0 d/two, 700 0:0 d/x.log",
                "COPY --chown=5:6 a.txt /d/ | 755 5:6 d/, 644 5:6 d/a.txt",
                "COPY --chown=5 a.txt /x | 644 5:5 x",
                "COPY /a.txt ../../b.txt /d/ | 755 0:0 d/, 644 0:0 d/a.txt, 750 0:0 d/b.txt",
                "COPY none*.x /d/ | ''",
                "ADD a.txt /x | 644 0:0 x",
                "ADD t.tgz /d | 755 0:0 d/, 755 0:0 d/in/, 644 9:9 d/in/tar",
                "ADD --chown=3:4 t.tgz /d/ | 755 3:4 d/, 755 3:4 d/in/, 644 3:4 d/in/tar",
                "ADD --unpack=false t.tgz /d/ | 755 0:0 d/, 644 0:0 d/t.tgz",
                "COPY t.tgz /d/ | 755 0:0 d/, 644 0:0 d/t.tgz",
                "WORKDIR /w/x | 755 0:0 w/, 755 0:0 w/x/",
            })
    void copy_puts_files_where_docker_does(String instruction, String files) throws InterruptedException {
        var expected = files.isEmpty() ? List.of() : List.of(files.split(", ", -1));

        assertThat(added(build("FROM scratch\n" + instruction))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "COPY a.txt /tmp | 1777 0:0 tmp/, 644 0:0 tmp/a.txt",
                "COPY a.txt /alias | 711 0:0 real/, 644 0:0 real/a.txt",
                "COPY a.txt /alias/x | 711 0:0 real/, 644 0:0 real/x",
                "COPY dir/sub /alias/ | 711 0:0 real/, 644 0:0 real/two, 644 0:0 real/x.log",
                "COPY --chown=app a.txt /tmp/ | 1777 0:0 tmp/, 644 1000:1001 tmp/a.txt",
                "COPY --chown=app:staff a.txt /new/ | 755 1000:50 new/, 644 1000:50 new/a.txt",
                "COPY a.txt /afile | 644 0:0 afile",
            })
    void copy_respects_what_the_image_has(String instruction, String files) throws InterruptedException {
        var image = build("FROM base\n" + instruction);
        var top = new LayeredFiles(List.of(image.layers().getLast()));
        var result = new ArrayList<String>();
        list(top, top.find("").orElseThrow(), result);

        assertThat(result).isEqualTo(List.of(files.split(", ", -1)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "COPY nope /x | COPY failed: \"nope\" not found in the context",
                "COPY a.txt b.txt /x | COPY of several sources needs a directory that ends with /",
                "COPY evil /x | COPY failed: \"evil\" not found in the context",
                "COPY --chown=ghost a.txt /x | --chown: no user \"ghost\" in the image's /etc/passwd",
                "COPY --chown=app:ghosts a.txt /x | --chown: no group \"ghosts\"",
                "COPY --chmod=rw a.txt /x | --chmod=rw is not a mode",
                "COPY --from=missing /a /b | no such image: missing",
                "COPY dir /afile | COPY failed: \"/afile\" is not a directory",
                "RUN make | RUN is not supported here",
                "EXPOSE http | \"http\" is not a port",
            })
    void what_cannot_be_done_is_named_with_its_line(String instruction, String message) {
        assertThatThrownBy(() -> build("FROM base\n\n" + instruction))
                .isInstanceOf(BuildException.class)
                .hasMessageStartingWith("dockerfile_inline:3: " + message);
    }

    @Test
    void a_missing_base_image_names_the_line() {
        assertThatThrownBy(() -> build("ARG B=nowhere\nFROM $B"))
                .hasMessageStartingWith("dockerfile_inline:2: no such image: nowhere");
    }

    @Test
    void a_foreign_platform_is_refused() {
        assertThatThrownBy(() -> build("FROM --platform=linux/s390x base"))
                .hasMessageStartingWith("dockerfile_inline:1: platform linux/s390x is not supported");
    }

    @Test
    void a_hostile_archive_is_not_unpacked() throws IOException {
        Files.write(
                context.resolve("evil.tar"), new Tar().file("../../evil", "x").bytes());

        assertThatThrownBy(() -> build("FROM scratch\nADD evil.tar /"))
                .hasMessage("dockerfile_inline:2: ADD cannot unpack \"evil.tar\": layer entry \"../../evil\" has \"..\""
                        + " in its name");
    }

    @Test
    void settings_end_up_in_the_image() throws InterruptedException {
        var image =
                build("""
                FROM scratch
                ARG GIVEN=default
                ARG HOSTVAR
                ENV A=1 B="two words" C=$GIVEN
                ENV A=2 D=$A$HOSTVAR
                LABEL l=$A from=dockerfile
                WORKDIR /w
                WORKDIR x
                USER 5:6
                EXPOSE 80 90-91/udp
                VOLUME ["/data"]
                CMD old
                ENTRYPOINT ["/e", "$A"]
                CMD ["c"]
                STOPSIGNAL SIGQUIT
                SHELL ["/bin/ash", "-ec"]
                HEALTHCHECK --retries=2 CMD probe
                """, Map.of("GIVEN", Optional.of("given"), "HOSTVAR", Optional.empty()), Optional.empty(), false);
        var config = image.config();

        assertThat(config.env()).contains("A=2", "B=two words", "C=given", "D=1host");
        assertThat(config.env().getFirst()).startsWith("PATH=");
        assertThat(config.labels())
                .containsEntry("l", "2")
                .containsEntry("from", "build")
                .containsEntry("by", "caller");
        assertThat(config.workingDir()).isEqualTo("/w/x");
        assertThat(config.user()).isEqualTo("5:6");
        assertThat(config.exposedPorts()).containsExactly("80/tcp", "90/udp", "91/udp");
        assertThat(config.volumes()).containsExactly("/data");
        assertThat(config.entrypoint()).containsExactly("/e", "$A");
        assertThat(config.cmd()).containsExactly("c");
        assertThat(config.stopSignal()).contains("SIGQUIT");
        assertThat(config.shell()).containsExactly("/bin/ash", "-ec");
        assertThat(config.healthcheck().orElseThrow().test()).containsExactly("CMD-SHELL", "probe");
        assertThat(image.references()).containsExactly("built:latest", "extra:tag");
    }

    @Test
    void the_shell_form_goes_through_the_images_shell() throws InterruptedException {
        assertThat(build("FROM scratch\nCMD echo $HOME").config().cmd()).containsExactly("/bin/sh", "-c", "echo $HOME");
    }

    @Test
    void the_same_content_gives_the_same_image_whatever_its_times() throws IOException, InterruptedException {
        var dockerfile = "FROM base\nCOPY dir /d\nENV A=1\nWORKDIR /new\n";
        var first = build(dockerfile);
        assertThat(progress).contains("[1/3] FROM base", "[2/3] COPY dir /d", "[3/3] WORKDIR /new");
        Files.setLastModifiedTime(context.resolve("dir/one"), FileTime.fromMillis(5));
        var second = build(dockerfile);

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(progress).contains("CACHED [2/3] COPY dir /d", "CACHED [3/3] WORKDIR /new");

        Files.writeString(context.resolve("dir/one"), "changed");
        assertThat(build(dockerfile).id()).isNotEqualTo(first.id());
        assertThat(progress).contains("[2/3] COPY dir /d").doesNotContain("CACHED [2/3] COPY dir /d");
        build(dockerfile, Map.of(), Optional.empty(), true);
        assertThat(progress).noneMatch(line -> line.startsWith("CACHED"));
    }

    @Test
    void only_needed_stages_are_built_and_files_come_from_them() throws InterruptedException {
        var dockerfile = """
                FROM scratch AS one
                COPY --chown=7:8 a.txt /from/one
                FROM scratch AS broken
                COPY missing /x
                FROM one AS two
                COPY --from=0 /from/ /copied/
                COPY --from=base /etc/group /g
                FROM scratch
                COPY nothing /x
                """;
        var image = build(dockerfile, Map.of(), Optional.of("two"), false);

        assertThat(added(image))
                .containsExactly(
                        "755 0:0 copied/", "644 7:8 copied/one", "755 7:8 from/", "644 7:8 from/one", "644 0:0 g");
        assertThat(progress).contains("[one 1/2] FROM scratch AS one", "[two 3/3] COPY --from=base /etc/group /g");
        assertThatThrownBy(() -> build(dockerfile, Map.of(), Optional.of("three"), false))
                .isInstanceOf(BackendException.class)
                .hasMessage("dockerfile_inline: no stage \"three\" to build");
    }

    @Test
    void the_ignore_file_hides_files_but_not_its_exceptions() throws IOException, InterruptedException {
        Files.writeString(context.resolve(".dockerignore"), "**/*.log\nlink\ndir\n!dir/sub/two\n");

        assertThat(added(build("FROM scratch\nCOPY dir /d")))
                .containsExactly("755 0:0 d/", "700 0:0 d/sub/", "644 0:0 d/sub/two");
        assertThatThrownBy(() -> build("FROM scratch\nCOPY c.log /x"))
                .hasMessageContaining("\"c.log\" not found in the context")
                .hasMessageEndingWith("(the ignore file leaves it out)");
    }

    @Test
    void here_documents_become_files() throws InterruptedException {
        var image = build("FROM scratch\nARG V=1\nCOPY <<one <<'two' /d/\nv=$V\none\nv=$V\ntwo\n");

        var files = new LayeredFiles(image.layers());
        assertThat(files.readText("d/one")).contains("v=1\n");
        assertThat(files.readText("d/two")).contains("v=$V\n");
    }

    @Test
    void arguments_nobody_declares_are_warned_of() throws InterruptedException {
        build("FROM scratch\nCOPY a.txt /", Map.of("TYPO", Optional.of("x")), Optional.empty(), false);

        assertThat(progress).contains("warning: build arguments that no ARG declares: TYPO");
    }

    @Test
    void run_adds_what_the_executor_changed_once() throws InterruptedException {
        var runs = new ArrayList<RunExecutor.Step>();
        executor = Optional.of((step, output) -> {
            runs.add(step);
            output.accept("working");
            write(step.upper().resolve("made"));
            return 0;
        });
        var dockerfile = "FROM base\nARG X=1\nENV Y=2\nUSER app\nWORKDIR /tmp\nRUN make $X\n";

        assertThat(added(build(dockerfile))).contains("644 0:0 made");
        assertThat(progress).contains("[3/3] RUN make $X", "working");
        build(dockerfile);
        assertThat(progress).contains("CACHED [3/3] RUN make $X");
        assertThat(runs).singleElement().satisfies(step -> {
            assertThat(step.command()).containsExactly("/bin/sh", "-c", "make $X");
            assertThat(step.env()).contains("X=1", "Y=2");
            assertThat(step.user()).isEqualTo("app");
            assertThat(step.workingDir()).isEqualTo("/tmp");
        });
    }

    @Test
    void a_failing_run_shows_its_last_lines_and_code() {
        executor = Optional.of((step, output) -> {
            output.accept("cc: error");
            return 2;
        });

        assertThatThrownBy(() -> build("FROM base\nRUN make"))
                .hasMessage("dockerfile_inline:2: RUN make failed with exit code 2; its last lines:\n  cc: error");
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "x");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_missing_dockerfile_or_context_is_named() {
        var build = new Build(
                context.toString(),
                Optional.of("No"),
                Optional.empty(),
                new LinkedHashMap<>(),
                Optional.empty(),
                new LinkedHashMap<>(),
                List.of(),
                false,
                false,
                BuildMeans.NONE);
        var request = new BuildRequest("built", build, Map.of(), Map.of(), false);

        assertThatThrownBy(() -> ImageBuild.build(
                        new ImageBuild.Parts(store, NOWHERE, Optional.empty()), request, progress::add))
                .hasMessage("cannot build built: there is no " + context.resolve("No")
                        + " (build.dockerfile names another file)");
    }
}
