package dev.jcompose.runtime.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts a command's output into lines; one that is drawn anew by carriage returns counts as it was last. */
final class OutputLines implements AutoCloseable {
    private static final int LONGEST = 16 << 10;

    private final InputStream in;

    OutputLines(InputStream in) {
        this.in = in;
    }

    void forEach(Consumer<String> output) throws IOException {
        var bytes = new byte[8192];
        var line = new ByteArrayOutputStream();
        for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
            for (int i = 0; i < length; i++) {
                if (bytes[i] == '\n' || line.size() == LONGEST) {
                    flush(line, output);
                }
                if (bytes[i] != '\n') {
                    line.write(bytes[i]);
                }
            }
        }
        if (line.size() > 0) {
            flush(line, output);
        }
    }

    private static void flush(ByteArrayOutputStream line, Consumer<String> output) {
        var text = line.toString(StandardCharsets.UTF_8).stripTrailing();
        output.accept(text.substring(text.lastIndexOf('\r') + 1));
        line.reset();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
