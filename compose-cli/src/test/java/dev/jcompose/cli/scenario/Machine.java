package dev.jcompose.cli.scenario;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a scenario needs of the machine it runs on. */
final class Machine {
    private Machine() {}

    /** Skips the test with the reason, or fails it in CI, unless this process is root and the tools are there. */
    static void needsRootAnd(String... tools) throws IOException {
        needs(Files.readString(Path.of("/proc/self/status")).contains("Uid:\t0\t"), "root");
        for (String tool : tools) {
            needs(find(tool).isPresent(), tool);
        }
    }

    /** Skips the test, or fails it in CI, where the kernel lets no ordinary user make a user namespace. */
    static void needsUserNamespaces(int uid) throws IOException, InterruptedException {
        needsRootAnd("setpriv", "unshare", "busybox", "newuidmap", "pasta");
        Process process = new ProcessBuilder(asUser(uid, List.of("unshare", "--user", "true"))).start();
        needs(process.waitFor() == 0, "a kernel that lets ordinary users make user namespaces");
    }

    /** A command line run by another user without any group but its own. */
    static List<String> asUser(int uid, List<String> command) {
        String id = Integer.toString(uid);
        return Stream.concat(
                        Stream.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--inh-caps=-all"),
                        command.stream())
                .toList();
    }

    private static void needs(boolean present, String what) {
        if ("true".equals(System.getenv("CI")) && !present) {
            fail("CI must offer " + what);
        }
        assumeTrue(present, "skipped: needs " + what);
    }

    private static java.util.Optional<Path> find(String tool) {
        return Stream.of("/bin", "/usr/bin", "/sbin", "/usr/sbin")
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Makes a build context below {@code directory} whose image has a static busybox with its usual links in /bin. */
    static void busyboxContext(Path directory) throws IOException, InterruptedException {
        Path bin = Files.createDirectories(directory.resolve("rootfs/bin"));
        Path busybox = find("busybox").orElseThrow();
        Files.copy(busybox, bin.resolve("busybox"));
        bin.resolve("busybox").toFile().setExecutable(true, false);
        Process list = new ProcessBuilder(busybox.toString(), "--list").start();
        List<String> applets = list.inputReader().lines().toList();
        list.waitFor();
        for (String applet : applets) {
            if (!applet.equals("busybox")) {
                Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
            }
        }
        Files.createDirectories(directory.resolve("rootfs/tmp"));
        Path etc = Files.createDirectories(directory.resolve("rootfs/etc"));
        Files.writeString(etc.resolve("passwd"), "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n");
        Files.writeString(etc.resolve("group"), "root:x:0:\nnogroup:x:65534:\n");
        Files.writeString(directory.resolve("Dockerfile"), """
                FROM scratch
                COPY rootfs /
                ENV PATH=/bin
                CMD ["sh"]
                """);
    }
}
