package dev.jcompose.runtime.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Assumptions;

/** A root file system of one static busybox, from the machine's own. */
final class Busybox {
    private static final List<Path> PLACES =
            List.of(Path.of("/bin/busybox"), Path.of("/usr/bin/busybox"), Path.of("/bin/busybox-static"));
    private static final List<String> COMMANDS = List.of(
            "sh",
            "cat",
            "echo",
            "ls",
            "sleep",
            "true",
            "false",
            "id",
            "hostname",
            "mount",
            "grep",
            "sort",
            "tr",
            "wc",
            "touch",
            "test",
            "nc",
            "nslookup",
            "wget",
            "ip",
            "env",
            "pwd",
            "kill",
            "ps",
            "head",
            "yes",
            "dd");

    private Busybox() {}

    /** Skips the test where containers cannot be made; never in CI. */
    static void assumeUsable() throws IOException {
        boolean root = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        boolean usable = root && PLACES.stream().anyMatch(Files::isExecutable);
        if (!usable && "true".equals(System.getenv("CI"))) {
            throw new AssertionError("this test needs root and a static busybox (Debian: busybox-static)");
        }
        Assumptions.assumeTrue(usable, "needs root and a static busybox (Debian: busybox-static)");
    }

    static Path rootfs(Path file) throws IOException {
        var busybox = PLACES.stream().filter(Files::isExecutable).findFirst().orElseThrow();
        try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
            for (var directory : List.of("bin/", "etc/", "tmp/", "proc/", "sys/", "dev/", "mnt/")) {
                tar.putArchiveEntry(new TarArchiveEntry(directory));
                tar.closeArchiveEntry();
            }
            put(tar, "bin/busybox", 0755, Files.readAllBytes(busybox));
            put(
                    tar,
                    "etc/passwd",
                    0644,
                    "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/usr/sbin:/bin/sh\n".getBytes(UTF_8));
            put(tar, "etc/group", 0644, "root:x:0:\ndaemon:x:1:\n".getBytes(UTF_8));
            for (var command : COMMANDS) {
                var link = new TarArchiveEntry("bin/" + command, TarConstants.LF_SYMLINK);
                link.setLinkName("busybox");
                tar.putArchiveEntry(link);
                tar.closeArchiveEntry();
            }
        }
        return file;
    }

    private static void put(TarArchiveOutputStream tar, String name, int mode, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
