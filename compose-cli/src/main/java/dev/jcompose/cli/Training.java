package dev.jcompose.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.Console.Terminals;
import dev.jcompose.runtime.linux.NativeBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The training run of the AOT cache: does what usual commands do, on a small project in directories of its own, with its
 * output thrown away, so that the JVM records the classes they need. What fails here, for lack of root say, is only not recorded.
 * The launcher calls it as {@code aot-train}.
 */
final class Training {
    static final String COMMAND = "aot-train";

    private static final List<String> PROGRAMS = List.of("/usr", "/bin", "/lib", "/lib64");
    private static final List<String> LINES = List.of(
            "--help",
            "version",
            "up --help",
            "config",
            "-f wide.yaml config",
            "-f wide.yaml config --format json",
            "-f wide.yaml --dry-run up -d",
            "up -d job",
            "up -d",
            "--ansi always --progress tty up -d",
            "ps",
            "ps -a --format json",
            "logs -t",
            "exec -T web true",
            "images",
            "ls",
            "up job",
            "stop -t 0",
            "start",
            "restart -t 0 web",
            "down",
            "up -d --no-deps db",
            "down -v -t 0");

    /** Uses what projects usually use; read, but never run. */
    private static final String WIDE = """
            name: jcompose-training-wide
            x-labels: &labels {team: "${TEAM:-none}"}
            services:
              db:
                image: postgres:16
                environment: [POSTGRES_PASSWORD=secret]
                volumes: [data:/var/lib/postgresql/data]
                healthcheck: {test: [CMD, pg_isready], interval: 5s, timeout: 1m30s, retries: 5}
              web:
                build: {context: ., args: {VERSION: "1"}}
                command: serve --port 80
                labels: {<<: *labels, tier: front}
                ports: ["8080:80", "127.0.0.1:9000-9001:9000-9001/udp"]
                depends_on: {db: {condition: service_healthy}}
                networks: [default, back]
                volumes: ["./site:/site:ro", {type: tmpfs, target: /tmp, tmpfs: {size: 16m}}]
                deploy: {replicas: 2, resources: {limits: {cpus: "0.5", memory: 64M}}}
                secrets: [token]
                configs: [settings]
                restart: unless-stopped
            networks: {back: {driver: bridge}}
            volumes: {data: {}}
            secrets: {token: {environment: LIFETIME}}
            configs: {settings: {content: "a: 1"}}
            """;

    private final Map<String, String> environment;

    Training(Map<String, String> environment) {
        this.environment = environment;
    }

    int run() throws IOException {
        NativeBackend.enterUserNamespace(environment);
        var directory = Files.createTempDirectory("jcompose-training");
        try {
            writeProject(directory);
            LINES.forEach(line -> run(directory, line));
        } finally {
            delete(directory);
        }
        return ExitCodes.TRAINED;
    }

    private void run(Path directory, String line) {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
        var console = new Console(
                InputStream.nullInputStream(), nowhere, nowhere, Terminals.NONE, environmentIn(directory), directory);
        new Application(console, new OutsideWorld(console.environment())).run(List.of(line.split(" ", -1)));
    }

    private Map<String, String> environmentIn(Path directory) {
        var own = new HashMap<>(environment);
        own.put("JCOMPOSE_STATE_DIR", directory.resolve("state").toString());
        own.put("JCOMPOSE_RUN_DIR", directory.resolve("run").toString());
        return own;
    }

    private static void writeProject(Path directory) throws IOException {
        var mounts = PROGRAMS.stream()
                .filter(path -> Files.isDirectory(Path.of(path)))
                .map(path -> "\"" + path + ":" + path + ":ro\"")
                .collect(joining(", "));
        Files.writeString(directory.resolve("hello"), "hello\n");
        Files.writeString(directory.resolve(".env"), "LIFETIME=30\n");
        Files.writeString(directory.resolve("wide.yaml"), WIDE);
        Files.writeString(directory.resolve("compose.yaml"), """
                name: jcompose-training
                x-base: &base
                  build:
                    context: .
                    dockerfile_inline: |
                      FROM scratch
                      COPY hello /
                      ENV A=b
                      CMD ["sleep", "1"]
                  image: jcompose-training
                  environment: &environment
                    PATH: /usr/bin:/bin
                    GREETING: ${GREETING:-hello}
                  restart: unless-stopped
                  stop_grace_period: 1s
                services:
                  db:
                    <<: *base
                    command: sleep ${LIFETIME}
                    hostname: db
                    working_dir: /
                    user: "0:0"
                    init: true
                    tmpfs: /run
                    networks: {back: {aliases: [database]}}
                    volumes: [%1$s, "data:/data"]
                    healthcheck: {test: ["CMD-SHELL", "true"], interval: 1s, start_period: 5s, start_interval: 100ms}
                  web:
                    <<: *base
                    command: ["sleep", "${LIFETIME:-60}"]
                    depends_on: {db: {condition: service_healthy}}
                    networks: [back, default]
                    labels: {of: training}
                    environment:
                      <<: *environment
                      MODE: training
                    ports: ["127.0.0.1::80"]
                    volumes: [%1$s, "./hello:/etc/hello:ro"]
                  job:
                    <<: *base
                    command: ["sh", "-c", "echo done"]
                    restart: "no"
                    volumes: [%1$s]
                networks:
                  back: {internal: true}
                volumes:
                  data:
                """.formatted(mounts));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
