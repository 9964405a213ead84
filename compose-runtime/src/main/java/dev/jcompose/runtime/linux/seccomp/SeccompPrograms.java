package dev.jcompose.runtime.linux.seccomp;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.shim.DurableFile;
import dev.jcompose.runtime.linux.shim.HelperBinary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Compiled filters by set of capabilities, kept on disk: compiling in a cold JVM costs as much as starting a container. */
public final class SeccompPrograms {
    /** To be raised when the profile, the tables or the compiler change; a test compares it with their digest. */
    static final String VERSION = "1";

    private static final Map<String, Integer> AUDIT_ARCHITECTURES =
            Map.of("x86_64", 0xC000003E, "aarch64", 0xC00000B7); // linux/audit.h

    private final Path directory;
    private final String architecture;
    private final Map<Long, byte[]> programs = new ConcurrentHashMap<>();

    public SeccompPrograms(Path directory) {
        this(directory, HelperBinary.architecture());
    }

    SeccompPrograms(Path directory, String architecture) {
        this.directory = directory;
        this.architecture = architecture;
    }

    /** The default profile for a container with these capabilities: {@code mask} and {@code names} say the same. */
    public byte[] defaultFor(long mask, Set<String> names) {
        return programs.computeIfAbsent(mask, key -> cached(key, names));
    }

    private byte[] cached(long mask, Set<String> names) {
        var file = directory.resolve("seccomp-" + VERSION + "-" + architecture + "-" + Long.toHexString(mask));
        return DurableFile.read(file).orElseGet(() -> {
            byte[] program = compile(architecture, names);
            store(file, program);
            return program;
        });
    }

    private void store(Path file, byte[] program) {
        try {
            Files.createDirectories(directory);
            DurableFile.replace(file, program);
        } catch (IOException e) {
            throw new BackendException("cannot write " + file + ": " + DurableFile.reason(e), e);
        }
    }

    static byte[] compile(String architecture, Set<String> capabilities) {
        return FilterCompiler.compile(
                auditArchitecture(architecture), SyscallProfile.read(architecture, capabilities), FilterCompiler.DENY);
    }

    static int auditArchitecture(String architecture) {
        var audit = AUDIT_ARCHITECTURES.get(architecture);
        if (audit == null) {
            throw new IllegalArgumentException("no system call table for " + architecture);
        }
        return audit;
    }
}
