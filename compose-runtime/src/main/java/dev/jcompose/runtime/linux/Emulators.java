package dev.jcompose.runtime.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Emulators of other processors that the kernel starts by itself (binfmt_misc), also inside containers (flag F). */
final class Emulators {
    private static final Path REGISTERED = Path.of("/proc/sys/fs/binfmt_misc");
    private static final Map<String, String> NAMES = Map.of(
            "amd64", "x86_64",
            "arm64", "aarch64",
            "arm", "arm",
            "riscv64", "riscv64",
            "ppc64le", "ppc64le",
            "s390x", "s390x",
            "mips64le", "mips64el");

    private Emulators() {}

    /** {@code platform} is {@code linux/arch} with or without a variant. */
    static boolean run(String platform) {
        var parts = platform.split("/", 3);
        var name = parts.length > 1 && parts[0].equals("linux") ? NAMES.get(parts[1]) : null;
        if (name == null) {
            return false;
        }
        try {
            var lines = Files.readAllLines(REGISTERED.resolve("qemu-" + name));
            return lines.contains("enabled")
                    && lines.stream().anyMatch(line -> line.startsWith("flags:") && line.indexOf('F', 6) > 0);
        } catch (IOException e) {
            return false;
        }
    }
}
