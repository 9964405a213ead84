package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files go into containers and out of them, and never anywhere else. */
@Timeout(300)
class CopyScenario {
    private static final String SHOP = """
            services:
              web:
                build: .
                image: box
                command: [sleep, "1000"]
                init: true
                volumes: ["data:/data"]
            volumes: {data: {}}
            """;

    @Test
    void files_are_copied_both_ways_by_the_rules_of_docker() throws Exception {
        try (Stack stack = Stack.of(SHOP)) {
            stack.run("up", "-d").succeeds();
            Path home = stack.directory();
            Files.writeString(home.resolve("f"), "hi\n");
            Files.createDirectories(home.resolve("dir/sub"));
            Files.writeString(home.resolve("dir/sub/x"), "x\n");
            Files.createSymbolicLink(home.resolve("dir/link"), Path.of("sub"));
            Files.setAttribute(home.resolve("dir/sub/x"), "unix:uid", 7);

            stack.run("cp", "f", "web:/tmp/").succeeds();
            stack.run("cp", "f", "web:/tmp/g").succeeds();
            stack.run("cp", "dir", "web:/tmp").succeeds();
            stack.run("cp", "dir/.", "web:/data").succeeds();
            assertThat(inside(stack, "cat /tmp/f /tmp/g; ls /data; stat -c %u /tmp/dir/sub/x; readlink /tmp/dir/link"))
                    .isEqualTo("hi\nhi\nlink\nsub\n7\nsub\n");
            stack.run("cp", "web:/data/sub", "out").succeeds();
            stack.run("cp", "web:/tmp/dir/link", "l1").succeeds();
            stack.run("cp", "-L", "web:/tmp/dir/link", "l2").succeeds();
            assertThat(home.resolve("out/x")).hasContent("x\n");
            assertThat(home.resolve("l1")).isSymbolicLink();
            assertThat(home.resolve("l2")).isDirectory();
            assertThat(stack.run("cp", "f", "web:/no/x").fails().err()).contains("could not find the file /no");
            assertThat(stack.run("cp", "web:/no", ".").fails().err()).contains("could not find the file /no");
            assertThat(stack.run("cp", "dir", "web:/tmp/f").fails().err()).contains("cannot copy a directory over");

            stack.run("stop").succeeds();
            stack.run("cp", "f", "web:/data/stopped").succeeds();
            stack.run("cp", "web:/data/sub/x", "x2").succeeds();
            stack.run("export", "-o", "all.tar", "web").succeeds();
            stack.run("start").succeeds();
            assertThat(home.resolve("x2")).hasContent("x\n");
            assertThat(inside(stack, "cat /data/stopped")).isEqualTo("hi\n");
            assertThat(Files.readString(home.resolve("all.tar"), StandardCharsets.ISO_8859_1))
                    .contains("tmp/dir/sub/x")
                    .doesNotContain("data/sub/x");

            stack.run("commit", "-a", "me", "-m", "why", "-c", "CMD [\"cat\", \"/tmp/f\"]", "web", "kept:1")
                    .succeeds();
            assertThat(stack.run("ps").out()).contains("Up ").doesNotContain("Paused");
            stack.write("services: {kept: {image: \"kept:1\"}}");
            assertThat(stack.run("run", "--rm", "kept").succeeds().out()).isEqualTo("hi\n");
            assertThat(stack.run("run", "--rm", "kept", "ls", "/data")
                            .succeeds()
                            .out())
                    .isEmpty();
        }
    }

    @Test
    void no_link_in_a_container_leads_out_of_it() throws Exception {
        Path secret = Files.createTempDirectory("secret");
        Files.writeString(secret.resolve("s"), "of the host\n");
        try (Stack stack = Stack.of(SHOP)) {
            stack.run("up", "-d").succeeds();
            Files.writeString(stack.directory().resolve("f"), "hi\n");
            inside(
                    stack,
                    "mkdir -p %1$s; echo inside > %1$s/s; ln -s %1$s /evil; ln -s ../../../../../..%1$s /evil2; ln -s %1$s/s /tmp/l"
                            .formatted(secret));

            stack.run("cp", "web:/evil/s", "e1").succeeds();
            stack.run("cp", "-L", "web:/evil2", "e2").succeeds();
            stack.run("cp", "f", "web:/evil/new").succeeds();
            stack.run("cp", "f", "web:/tmp/l").succeeds();

            assertThat(stack.directory().resolve("e1")).hasContent("inside\n");
            assertThat(stack.directory().resolve("e2/s")).hasContent("inside\n");
            assertThat(secret.resolve("s")).hasContent("of the host\n");
            assertThat(secret.resolve("new")).doesNotExist();
            byte[] archive = new ProcessBuilder("python3", "-c", """
                            import tarfile, io, sys
                            t = tarfile.open(fileobj=sys.stdout.buffer, mode='w|')
                            i = tarfile.TarInfo('a'); i.type = tarfile.SYMTYPE; i.linkname = sys.argv[1]; t.addfile(i)
                            i = tarfile.TarInfo('a/new'); i.size = 2; t.addfile(i, io.BytesIO(b'no'))
                            t.close()
                            """, secret.toString())
                    .start()
                    .getInputStream()
                    .readAllBytes();
            assertThat(stack.jcompose()
                            .feed(archive, "cp", "-", "web:/tmp")
                            .fails()
                            .err())
                    .contains("no directory");
            assertThat(secret.resolve("new")).doesNotExist();
        } finally {
            Files.deleteIfExists(secret.resolve("s"));
            Files.delete(secret);
        }
    }

    private static String inside(Stack stack, String script) throws Exception {
        return stack.run("exec", "-T", "web", "sh", "-c", script).succeeds().out();
    }
}
