package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.shim.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Names that nothing else has: 64 hexadecimal digits. */
final class Identifiers {
    private static final int BYTES = 32;

    private Identifiers() {}

    /** Straight from the kernel: Java's own generator takes longer to load than a container to start. */
    static String next() {
        var source = Path.of("/dev/urandom");
        try (var in = Files.newInputStream(source)) {
            return HexFormat.of().formatHex(in.readNBytes(BYTES));
        } catch (IOException e) {
            throw new BackendException("cannot read " + source + ": " + DurableFile.reason(e), e);
        }
    }
}
