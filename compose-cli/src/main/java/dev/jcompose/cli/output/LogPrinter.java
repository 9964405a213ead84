package dev.jcompose.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.runtime.LogReader.LogLine;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints container output behind aligned, coloured prefixes: what a container wrote to standard output on standard output, the rest
 * on standard error. Lines of several containers never mix, not even when they come in parts; a line in parts begins anew when another one comes between.
 */
public final class LogPrinter {
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'").withZone(ZoneOffset.UTC);
    private static final int LINES_BETWEEN_FLUSHES = 1000;

    /** How lines look. */
    public record Style(boolean coloured, boolean prefixed, boolean timestamps) {}

    private final Console console;
    private final Style style;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, byte[]> prefixes = new HashMap<>();
    private PrintStream current;
    private String unfinished = "";
    private int width;
    private int sinceFlush;
    private boolean closed;

    public LogPrinter(Console console, Style style) {
        this.console = console;
        this.style = style;
        this.current = console.out();
    }

    /** Makes room for these names; call it before lines of new containers come. */
    public synchronized void register(Collection<String> names) {
        names.stream().sorted().forEach(name -> numbers.putIfAbsent(name, numbers.size()));
        int widest = names.stream().mapToInt(String::length).max().orElse(0);
        if (widest > width) {
            width = widest;
            prefixes.clear();
        }
    }

    /** One line of a container, or a part of one. */
    public synchronized void print(String name, LogLine line) {
        switchTo(line.stderr() ? console.err() : console.out());
        if (!unfinished.equals(name)) {
            finishLine();
            begin(name, line.at());
        }
        write(line.text().getBytes(UTF_8));
        unfinished = line.complete() ? "" : name;
        if (line.complete()) {
            current.write('\n');
        }
        if (++sinceFlush >= LINES_BETWEEN_FLUSHES) {
            flush();
        }
    }

    /** Something that happened to a container: {@code web-1 exited with code 0}. */
    public synchronized void event(String name, String text) {
        switchTo(console.out());
        finishLine();
        register(List.of(name));
        var line = name + " " + text;
        current.println(style.coloured() ? colour(name).paint(line) : line);
        flush();
    }

    /**
     * To be called when no more lines are at hand for now.
     *
     * @throws OutputClosedException once, when who read the lines has gone
     */
    public synchronized void flush() {
        console.flush();
        sinceFlush = 0;
        if (!closed && current.checkError()) {
            closed = true;
            throw new OutputClosedException();
        }
    }

    /** Lines of the two streams keep their order where both go to the same place: nothing stays behind in the other one. */
    private void switchTo(PrintStream next) {
        if (!next.equals(current)) {
            finishLine();
            current.flush();
            current = next;
        }
    }

    private void finishLine() {
        if (!unfinished.isEmpty()) {
            current.write('\n');
            unfinished = "";
        }
    }

    private void begin(String name, Instant at) {
        if (style.prefixed()) {
            write(prefixes.computeIfAbsent(name, this::prefix));
        }
        if (style.timestamps()) {
            write((TIMESTAMP.format(at) + " ").getBytes(UTF_8));
        }
    }

    private byte[] prefix(String name) {
        var text = name + " ".repeat(Math.max(0, width - name.length())) + "  | ";
        return (style.coloured() ? colour(name).paint(text) : text).getBytes(UTF_8);
    }

    private Colour colour(String name) {
        numbers.putIfAbsent(name, numbers.size());
        return Colour.of(numbers.getOrDefault(name, 0));
    }

    private void write(byte[] bytes) {
        current.write(bytes, 0, bytes.length);
    }
}
