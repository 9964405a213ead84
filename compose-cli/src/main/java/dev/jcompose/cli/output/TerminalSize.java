package dev.jcompose.cli.output;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.time.Duration;

/**
 * How large the terminal is. Asked of {@code stty}, at most once a second: the JDK has no other way that does not cost more
 * start-up time than this one.
 */
final class TerminalSize {
    private static final long AGE = Duration.ofSeconds(1).toNanos();
    private static final File TERMINAL = new File("/dev/tty");

    private volatile int rows = 24;
    private volatile int columns = 80;
    private long asked;
    private boolean known;

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    /** Looks again if the last look is old; what cannot be found out stays as it was. */
    void refresh() throws InterruptedException {
        long now = System.nanoTime();
        if (known && now - asked < AGE) {
            return;
        }
        known = true;
        asked = now;
        try {
            read(new ProcessBuilder("stty", "size").redirectInput(TERMINAL).start());
        } catch (IOException e) {
            columns = Math.max(columns, 1); // no stty or no terminal: the size stays the usual one
        }
    }

    private void read(Process stty) throws IOException, InterruptedException {
        try (var output = stty.getInputStream()) {
            var words = new String(output.readAllBytes(), US_ASCII).strip();
            int space = words.indexOf(' ');
            if (stty.waitFor() == 0 && space > 0) {
                rows = positive(words.substring(0, space), rows);
                columns = positive(words.substring(space + 1), columns);
            }
        }
    }

    private static int positive(String number, int otherwise) {
        int value = number.chars().allMatch(Character::isDigit) ? Integer.parseInt(number) : 0;
        return value > 0 ? value : otherwise;
    }
}
