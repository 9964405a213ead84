package dev.jcompose.cli.scenario;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Kills a command before one of its system calls that something outside it can notice: see {@code faults.c}. */
final class Faults {
    private static final Path SOURCE = Path.of("..", "compose-runtime", "src", "test", "native", "faults.c");
    private static final int ROLE = 16;
    private static final int SIZE = 4096;

    private final Path library;
    private final Path file;

    private Faults(Path library, Path file) {
        this.library = library;
        this.file = file;
    }

    static Faults in(Path directory) throws IOException, InterruptedException {
        Machine.needsRootAnd("gcc");
        Path library = directory.resolve("faults.so");
        Process compiler = new ProcessBuilder(
                        "gcc", "-shared", "-fPIC", "-DPRELOAD", "-o", library.toString(), SOURCE.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(compiler.getInputStream().readAllBytes(), UTF_8);
        assertThat(compiler.waitFor()).as(said).isZero();
        return new Faults(library, directory.resolve("faults"));
    }

    /** Has commands with {@link #environment} die at that step of theirs; at 0 they live, and their steps are counted. */
    void arm(int step) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());
        bytes.put("java".getBytes(US_ASCII)).position(ROLE).putInt(step);
        Files.write(file, bytes.array());
    }

    /** How many steps there have been since. */
    int steps() throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.nativeOrder())
                .getInt(ROLE + Integer.BYTES);
    }

    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "JCR_FAULTS", file.toString());
    }
}
