package dev.jcompose.runtime.linux.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeccompProgramsTest {
    private static final Map<String, Integer> ARCHITECTURES = Map.of("x86_64", 0xC000003E, "aarch64", 0xC00000B7);
    private static final int ALLOWED = 0x7fff0000;
    private static final int EPERM = 0x00050001;
    private static final int ENOSYS = 0x00050026;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"x86_64", "aarch64"})
    void calls_of_an_ordinary_program_are_allowed(String architecture) {
        for (var name :
                Set.of("read", "write", "openat", "execve", "futex", "mmap", "exit_group", "socketpair", "wait4")) {
            assertThat(run(architecture, Set.of(), name, 0)).as(name).isEqualTo(ALLOWED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x86_64", "aarch64"})
    void calls_that_change_the_host_are_refused(String architecture) {
        for (var name : Set.of(
                "mount",
                "umount2",
                "pivot_root",
                "reboot",
                "init_module",
                "kexec_load",
                "bpf",
                "setns",
                "unshare",
                "keyctl",
                "add_key",
                "userfaultfd",
                "swapon",
                "open_by_handle_at",
                "settimeofday",
                "io_uring_setup")) {
            assertThat(run(architecture, Set.of(), name, 0)).as(name).isEqualTo(EPERM);
        }
    }

    @Test
    void every_number_has_the_verdict_of_the_profile() {
        var verdicts = SyscallProfile.read("x86_64", Set.of("SYS_ADMIN"));
        byte[] program = SeccompPrograms.compile("x86_64", Set.of("SYS_ADMIN"));
        for (int number = 0; number < 600; number++) {
            var verdict = verdicts.get(number);
            if (verdict == null) {
                assertThat(run(program, 0xC000003E, number, 0))
                        .as("call %d", number)
                        .isEqualTo(EPERM);
            } else if (verdict instanceof SyscallProfile.Verdict.Allow) {
                assertThat(run(program, 0xC000003E, number, 0))
                        .as("call %d", number)
                        .isEqualTo(ALLOWED);
            }
        }
    }

    @Test
    void a_capability_opens_the_calls_that_need_it() {
        assertThat(run("x86_64", Set.of("SYS_ADMIN"), "mount", 0)).isEqualTo(ALLOWED);
        assertThat(run("x86_64", Set.of("SYS_CHROOT"), "chroot", 0)).isEqualTo(ALLOWED);
        assertThat(run("x86_64", Set.of(), "chroot", 0)).isEqualTo(EPERM);
    }

    @Test
    void clone_may_not_make_namespaces_without_the_capability() {
        long thread = 0x3d0f00;
        long newUser = 0x10000000;
        assertThat(run("x86_64", Set.of(), "clone", thread)).isEqualTo(ALLOWED);
        assertThat(run("x86_64", Set.of(), "clone", newUser)).isEqualTo(EPERM);
        assertThat(run("x86_64", Set.of("SYS_ADMIN"), "clone", newUser)).isEqualTo(ALLOWED);
    }

    @Test
    void clone3_does_not_exist_so_that_libraries_fall_back_to_clone() {
        assertThat(run("x86_64", Set.of(), "clone3", 0)).isEqualTo(ENOSYS);
        assertThat(run("x86_64", Set.of("SYS_ADMIN"), "clone3", 0)).isEqualTo(ALLOWED);
    }

    @Test
    void sockets_of_families_that_reach_past_the_container_are_refused() {
        for (int family : new int[] {1, 2, 10, 16, 17}) {
            assertThat(run("x86_64", Set.of(), "socket", family))
                    .as("family %d", family)
                    .isEqualTo(ALLOWED);
        }
        for (int family : new int[] {12, 38, 40, 46}) {
            assertThat(run("x86_64", Set.of(), "socket", family))
                    .as("family %d", family)
                    .isEqualTo(EPERM);
        }
    }

    @Test
    void personality_may_be_asked_and_set_to_what_is_harmless() {
        assertThat(run("x86_64", Set.of(), "personality", 0xffffffffL)).isEqualTo(ALLOWED);
        assertThat(run("x86_64", Set.of(), "personality", 0x20008)).isEqualTo(ALLOWED);
        assertThat(run("x86_64", Set.of(), "personality", 0x0040000)).isEqualTo(EPERM);
    }

    @Test
    void another_architecture_is_killed_and_x32_does_not_exist() {
        byte[] program = SeccompPrograms.compile("x86_64", Set.of());
        assertThat(run(program, 0x40000003, 1, 0)).isEqualTo(0x80000000);
        assertThat(run(program, 0xC000003E, 0x40000001, 0)).isEqualTo(ENOSYS);
    }

    @Test
    void a_compiled_program_is_kept_on_disk() throws IOException {
        byte[] first = new SeccompPrograms(directory, "x86_64").defaultFor(0, Set.of());
        var files = directory.toFile().listFiles();
        assertThat(files).hasSize(1);
        Files.write(files[0].toPath(), new byte[] {1, 2, 3});
        assertThat(new SeccompPrograms(directory, "x86_64").defaultFor(0, Set.of()))
                .containsExactly(1, 2, 3);
        assertThat(first).hasSizeLessThan(4096 * 8);
    }

    @Test
    void the_version_is_raised_whenever_the_program_changes() throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        for (var architecture : new String[] {"aarch64", "x86_64"}) {
            digest.update(SeccompPrograms.compile(architecture, Set.of()));
            digest.update(SeccompPrograms.compile(architecture, Set.of("SYS_ADMIN", "SYS_PTRACE")));
        }
        assertThat(SeccompPrograms.VERSION + " " + HexFormat.of().formatHex(digest.digest(), 0, 8))
                .as("raise SeccompPrograms.VERSION and put the new digest here")
                .isEqualTo("1 674d9a890da37c19");
    }

    private static int run(String architecture, Set<String> capabilities, String name, long argument) {
        var numbers = SyscallProfile.numbers(architecture);
        assertThat(numbers).as("numbers of %s", architecture).containsKey(name);
        int audit = ARCHITECTURES.getOrDefault(architecture, 0);
        return run(
                SeccompPrograms.compile(architecture, capabilities), audit, numbers.getOrDefault(name, -1), argument);
    }

    /** The part of the kernel's interpreter that our programs use. */
    private static int run(byte[] program, int architecture, int number, long argument) {
        var code = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
        var data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0, number).putInt(4, architecture).putLong(16, argument);
        int accumulator = 0;
        int at = 0;
        while (true) {
            int operation = code.getShort(at * 8);
            int ifTrue = code.get(at * 8 + 2) & 0xff;
            int ifFalse = code.get(at * 8 + 3) & 0xff;
            int value = code.getInt(at * 8 + 4);
            at++;
            switch (operation) {
                case FilterCompiler.LOAD -> accumulator = data.getInt(value);
                case FilterCompiler.JUMP -> at += value;
                case FilterCompiler.JUMP_EQUAL -> at += accumulator == value ? ifTrue : ifFalse;
                case FilterCompiler.JUMP_AT_LEAST ->
                    at += Integer.compareUnsigned(accumulator, value) >= 0 ? ifTrue : ifFalse;
                case FilterCompiler.JUMP_GREATER ->
                    at += Integer.compareUnsigned(accumulator, value) > 0 ? ifTrue : ifFalse;
                case FilterCompiler.JUMP_SET -> at += (accumulator & value) != 0 ? ifTrue : ifFalse;
                case FilterCompiler.RETURN -> {
                    return value;
                }
                default -> throw new AssertionError("unknown operation " + operation);
            }
        }
    }
}
