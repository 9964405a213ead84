package dev.jcompose.cli.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code in a container that wants out: what has worked against other runtimes is tried from inside. */
@Timeout(180)
class EscapeScenario {
    private static final Path SOURCE = Path.of("..", "compose-runtime", "src", "test", "native", "escape.c");

    @Test
    void root_in_a_container_reaches_nothing_outside() throws Exception {
        try (Stack stack =
                stackOf("services: {one: {build: ., image: box, command: [sleep, '1000'], volumes: ['data:/data']}}\n"
                        + "volumes: {data: {}}")) {
            stack.run("up", "-d").succeeds();

            String out =
                    in(stack, "one", "/bin/escape " + ProcessHandle.current().pid());

            assertThat(out.lines().filter(line -> line.startsWith("ESCAPED"))).isEmpty();
            assertThat(out.lines().filter(line -> line.startsWith("held"))).hasSizeGreaterThan(70);
        }
    }

    @Test
    void the_helper_cannot_be_overwritten_by_who_it_lets_in() throws Exception {
        try (Stack stack = stackOf("""
                services:
                  one: {build: ., image: box, command: [/bin/escape, watch], init: true}
                """)) {
            stack.run("up", "-d").succeeds();
            Map<Path, String> before = helpers(stack);
            in(stack, "one", "printf '#!/proc/self/exe\\n' > /tmp/self; chmod 755 /tmp/self");

            for (int i = 0; i < 3; i++) {
                assertThat(in(stack, "one", "echo in")).isEqualTo("in\n");
                assertThat(stack.run("exec", "-T", "one", "/tmp/self").exitCode())
                        .isNotZero();
            }

            String log = stack.run("logs", "--no-log-prefix", "one").succeeds().out();
            assertThat(log).startsWith("watching").doesNotContain("ESCAPED");
            assertThat(helpers(stack)).isEqualTo(before).isNotEmpty();
        }
    }

    @Test
    void a_set_user_id_bit_gives_nothing_where_it_must_not() throws Exception {
        try (Stack stack = stackOf("""
                services:
                  one: {build: ., image: box, command: [sleep, "1000"], tmpfs: /scratch, volumes: ["safe:/safe"]}
                  locked: {image: box, command: [sleep, "1000"], security_opt: ["no-new-privileges:true"]}
                volumes: {safe: {driver_opts: {type: tmpfs, device: tmpfs, o: "nosuid,mode=755"}}}
                """)) {
            stack.run("up", "-d").succeeds();
            for (String place : List.of("one:/scratch", "one:/safe", "one:/dev/shm", "locked:/tmp")) {
                String service = place.substring(0, place.indexOf(':'));
                String program = place.substring(place.indexOf(':') + 1) + "/escape";
                in(stack, service, "cp /bin/escape " + program + " && chmod 4755 " + program);

                String user = stack.run("exec", "-T", "-u", "65534", service, program, "user")
                        .out();

                assertThat(user).as(place).isIn("65534\n", ""); // "": nothing may be executed there
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev", "/proc /sys /etc /dev/null /dev/pts /dev/shm"})
    void links_in_an_image_in_place_of_what_is_mounted_lead_nowhere(String paths) throws Exception {
        try (Stack stack = stackOf("""
                services:
                  one: {build: ., image: box, command: [sleep, "1000"]}
                """)) {
            Path target = Files.createDirectories(stack.directory().resolve("outside"));
            for (String path : paths.split(" ", -1)) {
                Path link = stack.directory().resolve("rootfs" + path);
                Files.createDirectories(link.getParent());
                if (path.equals("/etc")) {
                    Files.move(link, stack.directory().resolve("rootfs/moved"));
                }
                Files.createSymbolicLink(link, Path.of("../../../../../../../../../.." + target));
            }

            var up = stack.run("up", "-d");

            assertThat(target).isEmptyDirectory();
            if (up.exitCode() == 0) {
                assertThat(in(stack, "one", "cat /proc/self/status")).contains("Seccomp:\t2");
                assertThat(in(stack, "one", "echo x > /dev/null; ls -ld /dev/null"))
                        .startsWith("c");
            }
        }
    }

    @Test
    void a_race_of_renames_in_a_shared_volume_leads_no_mount_out() throws Exception {
        try (Stack stack = stackOf("""
                services:
                  racer:
                    build: .
                    image: box
                    volumes: ["shared:/vol"]
                    command: [sh, -c, "cd /vol; mkdir dir; ln -s /../../../../tmp link; while :; do mv -T dir at; mv -T at dir; mv -T link at; mv -T at link; done"]
                  victim:
                    image: box
                    volumes: ["shared:/vol", "./in:/vol/at/escaped-%1$s"]
                    command: ["true"]
                volumes: {shared: {}}
                """.formatted(ProcessHandle.current().pid()))) {
            Path outside = Path.of("/tmp/escaped-" + ProcessHandle.current().pid());
            Files.createDirectories(stack.directory().resolve("in"));
            stack.run("up", "-d", "racer").succeeds();
            for (int i = 0; i < 6; i++) {
                stack.run("up", "-d", "victim"); // it may fail, but nowhere else may anything appear
                assertThat(outside).doesNotExist();
            }
        }
    }

    @Test
    void strange_users_are_refused_by_exec() throws Exception {
        try (Stack stack = stackOf("services: {one: {build: ., image: box, command: [sleep, '1000']}}")) {
            stack.run("up", "-d").succeeds();
            for (String user : List.of("-1", "4294967295", "0x0", " 0", "00:00:00", "nobody:4294967296", "\u0660")) {
                assertThat(stack.run("exec", "-T", "-u", user, "one", "id")
                                .fails()
                                .out())
                        .as(user)
                        .isEmpty();
            }
        }
    }

    /** Every copy of the helper, with its digest. */
    private static Map<Path, String> helpers(Stack stack) throws Exception {
        Map<Path, String> digests = new TreeMap<>();
        try (var files = Files.list(stack.state().resolve("bin"))) {
            for (Path file : files.toList()) {
                byte[] digest =
                        java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                digests.put(file, HexFormat.of().formatHex(digest));
            }
        }
        return digests;
    }

    /** A stack whose image has the program that tries to get out. */
    private static Stack stackOf(String composeFile) throws Exception {
        Machine.needsRootAnd("gcc");
        Stack stack = Stack.of(composeFile);
        String program = stack.directory().resolve("rootfs/bin/escape").toString();
        Process compiler = new ProcessBuilder("gcc", "-static", "-o", program, SOURCE.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(compiler.getInputStream().readAllBytes(), UTF_8);
        assertThat(compiler.waitFor()).as(said).isZero();
        return stack;
    }

    private static String in(Stack stack, String service, String script) throws Exception {
        return stack.run("exec", "-T", service, "sh", "-c", script).out();
    }
}
