package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Images as users see them: made from the machine, saved and loaded, stacked high, shared, and cleared away. */
@Timeout(240)
class ImageScenario {
    private static final String RUN = "services: {one: {image: %s, command: %s, network_mode: none}}";

    @Test
    void programs_of_this_machine_run_in_a_container_and_their_image_goes_round() throws Exception {
        Machine.needsRootAnd("bash", "python3", "busybox", "nft");
        try (Stack stack = Stack.of(
                RUN.formatted(
                        "mine",
                        "[bash, -c, 'python3 -c \"import json, ssl, sqlite3; print(json.dumps([6*7]))\"; id -un; ls / | cat']"))) {
            stack.run("image", "from-host", "mine", "bash", "/usr/bin/python3", "ls", "cat", "id")
                    .succeeds();
            stack.run("up").succeeds();
            assertThat(stack.run("logs", "--no-log-prefix").succeeds().out()).contains("[42]", "root", "tmp");
            String id = id(stack, "mine");

            stack.run("image", "from-host", "again", "bash", "/usr/bin/python3", "ls", "cat", "id")
                    .succeeds();
            assertThat(id(stack, "again"))
                    .as("the same programs give the same image")
                    .isEqualTo(id);
            stack.run("image", "tag", "mine", "registry.example/mine:2").succeeds();
            stack.run("image", "save", "-o", "all.tar", "mine", "registry.example/mine:2")
                    .succeeds();
            byte[] first = Files.readAllBytes(stack.directory().resolve("all.tar"));
            assertThat(stack.run("image", "rm", "mine").succeeds().out()).isEqualTo("Untagged: mine:latest\n");
            stack.run("down").succeeds();
            assertThat(stack.run("image", "rm", "-f", id).succeeds().out())
                    .contains("Untagged: again:latest", "Deleted: " + id);
            assertThat(stack.run("image", "ls", "-q").succeeds().out().strip()).isEmpty();

            assertThat(stack.run("image", "load", "-i", "all.tar").succeeds().out())
                    .isEqualTo("Loaded image: mine:latest\nLoaded image: registry.example/mine:2\n");
            assertThat(id(stack, "mine")).isEqualTo(id);
            stack.run("image", "save", "-o", "again.tar", "mine", "registry.example/mine:2")
                    .succeeds();
            assertThat(Files.readAllBytes(stack.directory().resolve("again.tar")))
                    .isEqualTo(first);
            assertThat(stack.run("image", "history", "mine").succeeds().out()).contains("jcompose image from-host");
            assertThat(stack.run("image", "inspect", "mine").succeeds().out())
                    .contains("\"Id\": \"" + id + "\"", "\"registry.example/mine:2\"", "\"Os\": \"linux\"");
            assertThat(stack.run("image", "from-host", "x", "no-such-program")
                            .fails()
                            .err())
                    .contains("program \"no-such-program\" is not on this machine");
            assertThat(stack.run("image", "from-host", "x", "/etc/passwd")
                            .fails()
                            .err())
                    .contains("is not a file that can be executed");
        }
    }

    private static String id(Stack stack, String name) throws Exception {
        return stack.run("image", "ls", "-q", "--no-trunc", name)
                .succeeds()
                .out()
                .strip();
    }

    @Test
    void ten_services_cost_their_base_once_and_prune_gives_all_of_it_back() throws Exception {
        String services = IntStream.range(0, 10)
                .mapToObj(
                        i -> "  s%d: {image: 'own%d', build: {context: ., dockerfile: D%d}, command: [sleep, '100']}%n"
                                .formatted(i, i, i))
                .collect(Collectors.joining());
        try (Stack stack = Stack.of("services:\n" + services)) {
            Files.write(stack.directory().resolve("rootfs/bulk"), new byte[0]);
            try (var bulk = Files.newOutputStream(stack.directory().resolve("rootfs/bulk"))) {
                var random = new java.util.Random(1);
                byte[] block = new byte[1 << 20];
                for (int i = 0; i < 20; i++) {
                    random.nextBytes(block);
                    bulk.write(block);
                }
            }
            Files.writeString(stack.directory().resolve("base.yaml"), "services: {b: {image: base, build: .}}");
            stack.run("-f", "base.yaml", "build").succeeds();
            long base = du(stack);
            for (int i = 0; i < 10; i++) {
                Files.write(stack.directory().resolve("own" + i), new byte[] {(byte) i, 1, 2});
                Files.writeString(stack.directory().resolve("D" + i), "FROM base\nCOPY own" + i + " /own\n");
            }
            stack.run("up", "-d", "--build").succeeds();
            assertThat(du(stack) - base)
                    .as("bytes of ten services beside their base")
                    .isLessThan(10 * 400_000L);

            assertThat(stack.run("system", "df").succeeds().out())
                    .contains("Images ", "Containers ", "Local Volumes", "Build Cache");
            assertThat(stack.run("system", "prune", "-a").fails().err()).contains("cancelled");
            stack.run("system", "prune", "-a", "-f").succeeds();
            assertThat(stack.run("ps", "-q").succeeds().out().lines())
                    .as("what runs stays")
                    .hasSize(10);
            stack.run("down").succeeds();
            assertThat(stack.run("image", "prune", "-a", "-f").succeeds().out())
                    .contains("Untagged: own3:latest", "Total reclaimed space: ");
            stack.run("system", "prune", "-a", "-f", "--volumes").succeeds();
            assertThat(du(stack)).as("bytes that stay").isLessThan(2_000_000);
        }
    }

    private static long du(Stack stack) throws IOException, InterruptedException {
        Process du =
                new ProcessBuilder("du", "-s", "--block-size=1", stack.state().toString()).start();
        String line = du.inputReader().readLine();
        du.waitFor();
        return Long.parseLong(line.split("\t", 2)[0]);
    }

    @Test
    void an_image_of_128_layers_runs_and_one_of_501_is_refused() throws Exception {
        try (Stack stack = Stack.of(RUN.formatted("high", "[/bin/sh, -c, 'ls /n | wc -l; cat /n/127 /same']"))) {
            Files.write(stack.directory().resolve("high.tar"), stacked(stack.directory(), 128));
            stack.run("image", "load", "high.tar").succeeds();
            stack.run("up").succeeds();
            assertThat(stack.run("logs", "--no-log-prefix").succeeds().out()).contains("128\n127127");
            Files.write(stack.directory().resolve("too-high.tar"), stacked(stack.directory(), 501));
            assertThat(stack.run("image", "load", "too-high.tar").fails().err()).contains("has 501 layers");
        }
    }

    /** An archive whose first layer is the busybox of the stack and whose others each have a file of their own. */
    private static byte[] stacked(Path directory, int layers) throws Exception {
        List<byte[]> tars = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            String number = Integer.toString(i);
            tars.add(tar(out -> {
                if (number.equals("0")) {
                    add(out, "bin/busybox", Files.readAllBytes(directory.resolve("rootfs/bin/busybox")), 0755);
                    for (String applet : List.of("sh", "ls", "wc", "cat")) {
                        TarArchiveEntry link = new TarArchiveEntry("bin/" + applet, (byte) '2');
                        link.setLinkName("busybox");
                        out.putArchiveEntry(link);
                        out.closeArchiveEntry();
                    }
                }
                add(out, "n/" + number, number.getBytes(StandardCharsets.UTF_8), 0644);
                add(out, "same", number.getBytes(StandardCharsets.UTF_8), 0644);
            }));
        }
        String ids = tars.stream().map(tar -> "\"sha256:" + sha256(tar) + "\"").collect(Collectors.joining(","));
        String names =
                IntStream.range(0, layers).mapToObj(i -> "\"l" + i + ".tar\"").collect(Collectors.joining(","));
        return tar(out -> {
            add(
                    out,
                    "config.json",
                    ("{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Env\":[\"PATH=/bin\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
                                    + ids + "]}}")
                            .getBytes(StandardCharsets.UTF_8),
                    0644);
            for (int i = 0; i < layers; i++) {
                add(out, "l" + i + ".tar", tars.get(i), 0644);
            }
            add(
                    out,
                    "manifest.json",
                    ("[{\"Config\":\"config.json\",\"RepoTags\":[\"high:latest\"],\"Layers\":[" + names + "]}]")
                            .getBytes(StandardCharsets.UTF_8),
                    0644);
        });
    }

    @FunctionalInterface
    private interface Content {
        void write(TarArchiveOutputStream out) throws IOException;
    }

    private static byte[] tar(Content content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
            content.write(out);
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream out, String name, byte[] content, int mode) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setMode(mode);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
