package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An ordinary user runs a stack: with ids of /etc/subuid, and with none but their own. */
@Timeout(240)
class RootlessScenario {
    private static final int WITHOUT_RANGES = 54_321;
    private static final Path SUBUID = Path.of("/etc/subuid");

    private final List<String> account = new ArrayList<>();
    private Path home = Path.of("/nonexistent");

    @BeforeEach
    void makeHome() throws Exception {
        Machine.needsUserNamespaces(WITHOUT_RANGES);
        home = Files.createTempDirectory("jcr");
        Path context = Files.createDirectories(home.resolve("app"));
        Machine.busyboxContext(context);
        Files.copy(Path.of("target", "jcompose.jar"), home.resolve("jcompose.jar"));
    }

    @AfterEach
    void removeHome() throws Exception {
        if (!account.isEmpty()) {
            execute(List.of("userdel", account.getFirst()));
        }
        if (Files.exists(home)) {
            execute(List.of("rm", "-rf", home.toString()));
        }
    }

    @Test
    void an_ordinary_user_runs_a_stack() throws Exception {
        String name = "jcr" + ProcessHandle.current().pid();
        assertThat(execute(List.of("useradd", "--no-create-home", name))).isZero();
        account.add(name);
        int uid = Integer.parseInt(read(List.of("id", "-u", name)).strip());
        assertThat(Files.readString(SUBUID)).contains(name + ":");
        runsStack(uid, "1000");
    }

    @Test
    void a_user_without_ranges_runs_a_stack_with_one_id() throws Exception {
        String errors = runsStack(WITHOUT_RANGES, "0");
        assertThat(errors).contains("only one user id can be used in containers");
    }

    /** Returns what the first command said on standard error. */
    private String runsStack(int uid, String user) throws Exception {
        int port = Stack.freePort();
        Files.writeString(home.resolve("app/compose.yaml"), """
                name: rootless
                services:
                  web:
                    image: box
                    build: .
                    command: sh -c 'echo ready; exec httpd -f -p 80 -h /data'
                    ports: ["127.0.0.1:%d:80"]
                    volumes: [data:/data]
                  client:
                    image: box
                    user: "%s"
                    command: sleep 1000
                    depends_on: [web]
                volumes: {data: {}}
                """.formatted(port, user));
        execute(List.of("chown", "-R", uid + ":" + uid, home.toString()));
        try {
            assertThat(succeeds(uid, "system", "check").out())
                    .contains("user-namespace")
                    .doesNotContain("missing");
            String errors = succeeds(uid, "up", "-d").err();
            succeeds(uid, "exec", "-T", "web", "sh", "-c", "echo kept > /data/index.html");
            Stack.eventually("the published port answers", () -> page(port).equals("kept\n"));
            assertThat(succeeds(uid, "exec", "-T", "client", "wget", "-qO-", "http://web/")
                            .out())
                    .isEqualTo("kept\n");
            assertThat(succeeds(uid, "exec", "-T", "client", "id", "-u").out().strip())
                    .isEqualTo(user);
            assertThat(succeeds(uid, "logs", "web").out()).contains("ready");
            killKeeper(uid);
            assertThat(succeeds(uid, "exec", "-T", "client", "wget", "-qO-", "http://web/")
                            .out())
                    .isEqualTo("kept\n");
            succeeds(uid, "up", "-d", "--force-recreate", "web");
            Stack.eventually("the port is published anew", () -> page(port).equals("kept\n"));
            succeeds(uid, "down", "-t", "0");
            succeeds(uid, "up", "-d");
            Stack.eventually("the volume is kept", () -> page(port).equals("kept\n"));
            return errors;
        } finally {
            run(uid, "down", "-v", "-t", "0");
            Stack.eventually("no process is left", () -> processesOf(uid).isEmpty());
        }
    }

    private static void killKeeper(int uid) throws IOException, InterruptedException {
        assertThat(execute(List.of("pkill", "-9", "-u", Integer.toString(uid), "-x", "jcr-keeper")))
                .isZero();
    }

    private static String page(int port) throws InterruptedException {
        try {
            return Stack.get("http://127.0.0.1:" + port + "/");
        } catch (IOException e) {
            return ""; // not listening yet
        }
    }

    /** What lives of a user; a process that has ended stays until its parent asks for its code. */
    private static List<String> processesOf(int uid) throws IOException, InterruptedException {
        return read(List.of("ps", "-o", "stat=,args=", "-u", Integer.toString(uid)))
                .lines()
                .filter(line -> !line.startsWith("Z"))
                .toList();
    }

    private Jcompose.Result succeeds(int uid, String... arguments) throws IOException, InterruptedException {
        return run(uid, arguments).succeeds();
    }

    private Jcompose.Result run(int uid, String... arguments) throws IOException, InterruptedException {
        List<String> java = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                home.resolve("jcompose.jar").toString()));
        java.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(Machine.asUser(uid, java))
                .directory(home.resolve("app").toFile());
        builder.environment()
                .keySet()
                .removeIf(
                        name -> name.startsWith("COMPOSE_") || name.startsWith("JCOMPOSE_") || name.startsWith("XDG_"));
        builder.environment().put("HOME", home.toString());
        Path out = Files.createTempFile("out", ".txt");
        Path err = Files.createTempFile("err", ".txt");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        try {
            return new Jcompose.Running(process, List.of(arguments), out, err).finish();
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static int execute(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    private static String read(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).start();
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }
}
