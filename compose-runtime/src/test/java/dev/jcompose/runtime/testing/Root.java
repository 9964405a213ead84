package dev.jcompose.runtime.testing;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Tests that make device nodes or change owners need root; elsewhere they are skipped, but never in CI. */
public final class Root {
    private Root() {}

    public static void required() {
        if (!isRoot()) {
            if ("true".equals(System.getenv("CI"))) {
                fail("this test needs root, and CI must run it");
            }
            Assumptions.abort("needs root: run the tests with sudo to include it");
        }
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
