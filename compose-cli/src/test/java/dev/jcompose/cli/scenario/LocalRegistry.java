package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Debian's {@code docker-registry} on a free port of 127.0.0.1, and {@code skopeo} as the other tool that uses it. */
final class LocalRegistry implements AutoCloseable {
    private final Path directory;
    private final int port;
    private final List<String> tlsOfSkopeo;
    private final Process process;

    private LocalRegistry(Path directory, int port, List<String> tlsOfSkopeo, Process process) {
        this.directory = directory;
        this.port = port;
        this.tlsOfSkopeo = tlsOfSkopeo;
        this.process = process;
    }

    static LocalRegistry plain(Path directory) throws IOException, InterruptedException {
        return start(directory, "", "", List.of("--dest-tls-verify=false"));
    }

    /** Takes user {@code ann} with password {@code s3cr:t}. */
    static LocalRegistry withPassword(Path directory) throws IOException, InterruptedException {
        Path passwords = directory.resolve("htpasswd");
        run(directory, Map.of(), "htpasswd", "-Bbc", passwords.toString(), "ann", "s3cr:t");
        String auth = "auth: {htpasswd: {realm: test, path: " + passwords + "}}\n";
        return start(directory, auth, "", List.of("--dest-tls-verify=false"));
    }

    /** Shows a certificate of an authority whose own certificate is {@code ca.crt} in the directory. */
    static LocalRegistry withTls(Path directory) throws IOException, InterruptedException {
        Files.writeString(directory.resolve("san"), "subjectAltName=IP:127.0.0.1\n");
        for (String command : List.of(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.crt",
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=registry -keyout reg.key -out reg.csr",
                "x509 -req -in reg.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile san -out reg.crt")) {
            run(directory, Map.of(), ("openssl " + command).split(" "));
        }
        String tls =
                ", tls: {certificate: " + directory.resolve("reg.crt") + ", key: " + directory.resolve("reg.key") + "}";
        return start(directory, "", tls, List.of("--dest-cert-dir=" + directory));
    }

    private static LocalRegistry start(Path directory, String auth, String tls, List<String> skopeo)
            throws IOException, InterruptedException {
        int port = Stack.freePort();
        Path config = directory.resolve("registry.yml");
        Files.writeString(config, """
                version: 0.1
                log: {level: warn}
                storage: {filesystem: {rootdirectory: %s}}
                %shttp: {addr: "127.0.0.1:%d"%s}
                """.formatted(directory.resolve("data"), auth, port, tls));
        Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("registry.log").toFile())
                .start();
        Stack.eventually("a registry on port " + port, () -> answers(port));
        return new LocalRegistry(directory, port, skopeo, process);
    }

    private static boolean answers(int port) {
        try (java.net.Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    String host() {
        return "127.0.0.1:" + port;
    }

    Path directory() {
        return directory;
    }

    /** Copies an image with skopeo from somewhere to a name in this registry. */
    void receive(String source, String name, String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("skopeo", "copy", "-q"));
        command.addAll(tlsOfSkopeo);
        command.addAll(List.of(flags));
        command.addAll(List.of(source, "docker://" + host() + "/" + name));
        run(directory, Map.of("HOME", directory.toString()), command.toArray(String[]::new));
    }

    /** Copies an image with skopeo to a directory, as it is. */
    Path give(String name, String target, String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("skopeo", "copy", "-q", "--preserve-digests"));
        tlsOfSkopeo.forEach(flag -> command.add(flag.replace("--dest-", "--src-")));
        command.addAll(List.of(flags));
        Path copy = directory.resolve(target);
        command.addAll(List.of("docker://" + host() + "/" + name, "dir:" + copy));
        run(directory, Map.of("HOME", directory.toString()), command.toArray(String[]::new));
        return copy;
    }

    /** Makes of an image in a directory another one whose layers are compressed. */
    void compressByZstd(String source, String target) throws IOException, InterruptedException {
        run(
                directory,
                Map.of("HOME", directory.toString()),
                "skopeo",
                "copy",
                "-q",
                "--dest-compress",
                "--dest-compress-format=zstd",
                "dir:" + directory.resolve(source),
                "dir:" + directory.resolve(target));
        assertThat(directory.resolve(target).resolve("manifest.json")).content().contains("tar+zstd");
    }

    /** Runs a tool that must succeed; returns what it prints. */
    static String run(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("end of %s", List.of(command))
                .isTrue();
        assertThat(process.exitValue()).as("%s%n%s", List.of(command), output).isZero();
        return output;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
